using Grid.Engine.KVCache;

namespace Grid.Engine.Tests.KVCache;

public sealed class BlockCommitmentsTests
{
    [Fact]
    public void Commit_RandomBlocks_CountsEachOnce()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (commitments, known, first) = (new BlockCommitments(100), new HashSet<int>(), new List<int>());
        for (var step = 0; step < 200; step++)
        {
            int[] blocks = [.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(100))];
            first.Clear();
            commitments.Commit(blocks, first);
            Assert.Equal(blocks.Distinct().Where(block => !known.Contains(block)), first);
            known.UnionWith(blocks);
            Assert.Equal(known.Count, commitments.NumCommitted);
            commitments.CheckConservation();
        }

        commitments.CheckCommitted([.. known]);
    }

    [Fact]
    public void Commit_BlockOutside_ChangesNothing()
    {
        var commitments = new BlockCommitments(4);
        Assert.Equal("A KV block must be from 0 to 3; got 4.", Assert.Throws<ArgumentException>(() => commitments.Commit([0, 4])).Message);
        Assert.Equal(0, commitments.NumCommitted);
    }

    [Fact]
    public void CheckCommitted_NeverWritten_NamesTheBlock()
    {
        var commitments = new BlockCommitments(4);
        commitments.Commit([1]);
        Assert.Equal("A KV block must be written before it is exported; got block 2.",
            Assert.Throws<ArgumentException>(() => commitments.CheckCommitted([1, 2])).Message);
    }
}
