using Grid.Engine.KVCache;

namespace Grid.Engine.Tests.KVCache;

public sealed class KVBlockLayoutTests
{
    private static readonly KVBlockLayout Whole = new(0, 5, 0, 4, 3, 2, KVElement.BFloat16);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    public void CopyTo_SplitAndJoined_GivesTheSameBlocks(int stages, int tensor)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var blocks = new byte[3 * Whole.BlockBytes];
        new Random(seed).NextBytes(blocks);
        KVBlockLayout[] shards = [.. Shards(stages, tensor)];
        Assert.Equal(Whole, KVBlockLayout.Join(shards));

        var joined = new byte[blocks.Length];
        foreach (var shard in shards)
        {
            var part = new byte[3 * shard.BlockBytes];
            Whole.CopyTo(blocks, shard, part);
            shard.CopyTo(part, Whole, joined);
        }

        Assert.Equal(blocks, joined);
    }

    [Fact]
    public void CopyTo_OneHead_IsWhereTheFormSaysItIs()
    {
        // Two layers, keys and values, one slot, two heads of one element.
        var whole = new KVBlockLayout(0, 2, 0, 2, 1, 1, KVElement.BFloat16);
        byte[] block = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8];
        var last = new byte[4];
        whole.CopyTo(block, whole with { FirstLayer = 1, Layers = 1, FirstHead = 1, Heads = 1 }, last);
        Assert.Equal([6, 6, 8, 8], last);
    }

    [Fact]
    public void CopyTo_OtherModelOrLength_SaysWhichRule()
    {
        var blocks = new byte[Whole.BlockBytes];
        Assert.Equal("The block size of KV blocks must be 2 in both layouts; got 4.", Fault(Whole with { BlockSize = 4 }, 2));
        Assert.Equal("The head size of KV blocks must be 3 in both layouts; got 6.", Fault(Whole with { HeadDim = 6 }, 2));
        Assert.Equal("The element type of KV blocks must be BFloat16 in both layouts; got Float16.",
            Fault(Whole with { Element = KVElement.Float16 }, 1));
        Assert.Equal($"1 KV blocks must have {Whole.BlockBytes} bytes; got {2 * Whole.BlockBytes}.", Fault(Whole, 2));

        Assert.StartsWith("The layers and heads of KV blocks must overlap; got ", Fault(Whole with { FirstLayer = 5 }, 1));

        string Fault(KVBlockLayout target, int times) =>
            Assert.Throws<ArgumentException>(() => Whole.CopyTo(blocks, target, new byte[times * Whole.BlockBytes])).Message;
    }

    private static IEnumerable<KVBlockLayout> Shards(int stages, int tensor)
    {
        for (var stage = 0; stage < stages; stage++)
        {
            var (first, end) = (stage * Whole.Layers / stages, (stage + 1) * Whole.Layers / stages);
            for (var index = 0; index < tensor; index++)
                yield return Whole with
                {
                    FirstLayer = first,
                    Layers = end - first,
                    FirstHead = index * Whole.Heads / tensor,
                    Heads = Math.Max(1, Whole.Heads / tensor),
                };
        }
    }
}
