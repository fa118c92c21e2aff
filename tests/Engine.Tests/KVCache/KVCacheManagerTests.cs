using Grid.Engine.KVCache;
using static Grid.Engine.Tests.Serving.EngineTestBed;

namespace Grid.Engine.Tests.KVCache;

public sealed class KVCacheManagerTests
{
    private readonly KVCacheManager _manager = new(numBlocks: 10, blockSize: 16, enablePrefixCaching: true, "m");

    [Fact]
    public void TryAdmit_SharedPrefix_SharesItsBlocks()
    {
        var first = Admit(Prompt(50));
        Assert.Equal([0, 1, 2, 3], Blocks(first));

        // Three full blocks are equal; the tails differ.
        var second = Admit([.. Prompt(48), 1, 2, 3]);
        Assert.Equal([0, 1, 2, 4], Blocks(second));
        Assert.Equal([2, 2, 2, 1, 1, 0], RefCounts(6));
        _manager.CheckIntegrity([first.Cached, second.Cached]);

        _manager.Free(first.Cached);
        Assert.Equal([1, 1, 1, 0, 1, 0], RefCounts(6));
        _manager.CheckIntegrity([second.Cached]);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(16, 0)]
    [InlineData(17, 16)]
    [InlineData(32, 16)]
    [InlineData(33, 32)]
    [InlineData(48, 32)]
    public void FindCachedPrefix_WholePromptCached_LeavesTheLastToken(int length, int expected)
    {
        _manager.Free(Admit(Prompt(64)).Cached);
        Assert.Equal(expected, Find(new Sequence(Prompt(64)[..length])));
    }

    [Fact]
    public void FindCachedPrefix_FirstBlockDiffers_FindsNothing()
    {
        _manager.Free(Admit(Prompt(64)).Cached);
        Assert.Equal(0, Find(new Sequence([1, .. Prompt(64)[1..]])));
    }

    [Fact]
    public void FindCachedPrefix_OtherSalt_FindsNothing()
    {
        _manager.Free(Admit(Prompt(64), salt: "a").Cached);
        Assert.Equal(48, FindSalted("a"));
        Assert.Equal(0, FindSalted("b"));
        Assert.Equal(0, FindSalted(null));

        int FindSalted(string? salt) => Find(new Sequence(Prompt(64), salt));
    }

    [Fact]
    public void FindCachedPrefix_Disabled_FindsNothing()
    {
        var manager = new KVCacheManager(10, 16, enablePrefixCaching: false, "m");
        var request = new Sequence(Prompt(64));
        Assert.True(manager.TryAdmit(request.Cached, 64, 0, 64));
        manager.Publish(request.Cached, request.Tokens, 64);
        manager.Free(request.Cached);

        Assert.Equal(0, manager.FindCachedPrefix(new(null), Prompt(64)));
        Assert.Equal(10, manager.Pool.NumFree);
    }

    [Fact]
    public void Free_SeveralBlocks_EvictsSuffixesFirst()
    {
        _manager.Free(Admit(Prompt(50)).Cached);
        Assert.Equal([2, 1, 0], _manager.Pool.EvictionOrder());
        Assert.Equal((7, 3, 0), (_manager.Pool.NumFree, _manager.Pool.NumCached, _manager.Pool.NumUsed));

        // Eight blocks: seven free ones and the longest suffix of the first request.
        var second = Admit(Prompt(8 * 16, seed: 1));
        Assert.Equal(32, Find(new Sequence(Prompt(50))));
        _manager.CheckIntegrity([second.Cached]);
    }

    [Fact]
    public void TryAdmit_WholePromptDoesNotFit_ChangesNothing()
    {
        var first = Admit(Prompt(5 * 16));
        var second = new Sequence(Prompt(6 * 16, seed: 1));

        Assert.False(_manager.TryAdmit(second.Cached, second.Tokens.Length, 0, 16));
        Assert.Empty(Blocks(second));
        Assert.Equal((5, 5), (_manager.Pool.NumFree, _manager.Pool.NumUsed));
        _manager.CheckIntegrity([first.Cached]);
    }

    [Fact]
    public void TryAdmit_HitsAreEvictable_DoesNotCountThemAsRoom()
    {
        _manager.Free(Admit(Prompt(4 * 16)).Cached);
        var other = Admit(Prompt(6 * 16, seed: 1));

        // Four cached blocks are all there is: three are the hits, one is left for two more.
        var request = new Sequence([.. Prompt(3 * 16), .. Prompt(2 * 16, seed: 2)]);
        var cached = Find(request);
        Assert.Equal(48, cached);
        Assert.False(_manager.TryAdmit(request.Cached, request.Tokens.Length, cached, 32));
        _manager.CheckIntegrity([other.Cached]);
    }

    [Fact]
    public void Publish_BlockNotFull_IsNotFound()
    {
        var request = new Sequence(Prompt(40));
        Assert.True(_manager.TryAdmit(request.Cached, request.Tokens.Length, 0, 40));
        var twin = new Sequence(Prompt(40));

        Assert.Equal(0, Find(twin));
        _manager.Publish(request.Cached, request.Tokens, 31);
        Assert.Equal(16, Find(twin));
        _manager.Publish(request.Cached, request.Tokens, 32);
        Assert.Equal(32, Find(twin));
    }

    [Fact]
    public void CheckAtRest_BlockOwned_Throws()
    {
        _manager.CheckAtRest();
        Admit(Prompt(3));
        Assert.Throws<InvalidOperationException>(_manager.CheckAtRest);
    }

    private Sequence Admit(int[] prompt, string? salt = null)
    {
        var request = new Sequence(prompt, salt);
        var cached = Find(request);
        Assert.True(_manager.TryAdmit(request.Cached, request.Tokens.Length, cached, prompt.Length - cached));
        _manager.Publish(request.Cached, request.Tokens, prompt.Length);
        return request;
    }

    private int Find(Sequence sequence) => _manager.FindCachedPrefix(sequence.Cached, sequence.Tokens);

    private static int[] Blocks(Sequence sequence) => sequence.Cached.Blocks.Blocks.ToArray();

    private int[] RefCounts(int count) => [.. Enumerable.Range(0, count).Select(_manager.Pool.RefCount)];

    private sealed class Sequence(int[] tokens, string? salt = null)
    {
        public int[] Tokens => tokens;

        public CachedSequence Cached { get; } = new(salt);
    }
}
