using Grid.Engine.Scheduling;
using Request = Grid.Engine.Requests.Request;
using static Grid.Engine.Tests.Serving.EngineTestBed;

namespace Grid.Engine.Tests.Scheduling;

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
        _manager.CheckIntegrity([first, second]);

        _manager.Free(first);
        Assert.Equal([1, 1, 1, 0, 1, 0], RefCounts(6));
        _manager.CheckIntegrity([second]);
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
        _manager.Free(Admit(Prompt(64)));
        Assert.Equal(expected, _manager.FindCachedPrefix(new Request(Request("b", Prompt(64)[..length]))));
    }

    [Fact]
    public void FindCachedPrefix_FirstBlockDiffers_FindsNothing()
    {
        _manager.Free(Admit(Prompt(64)));
        Assert.Equal(0, _manager.FindCachedPrefix(new Request(Request("b", [1, .. Prompt(64)[1..]]))));
    }

    [Fact]
    public void FindCachedPrefix_OtherSalt_FindsNothing()
    {
        _manager.Free(Admit(Prompt(64), salt: "a"));
        Assert.Equal(48, Find("a"));
        Assert.Equal(0, Find("b"));
        Assert.Equal(0, Find(null));

        int Find(string? salt) => _manager.FindCachedPrefix(new Request(Request("x", Prompt(64)) with { CacheSalt = salt }));
    }

    [Fact]
    public void FindCachedPrefix_PromptLogprobsWanted_FindsNothing()
    {
        _manager.Free(Admit(Prompt(64)));
        Assert.Equal(0, _manager.FindCachedPrefix(new Request(Request("b", Prompt(64), sampling: s => s with { PromptLogprobs = 0 }))));
    }

    [Fact]
    public void FindCachedPrefix_Disabled_FindsNothing()
    {
        var manager = new KVCacheManager(10, 16, enablePrefixCaching: false, "m");
        var request = new Request(Request("a", Prompt(64)));
        Assert.True(manager.TryAdmit(request, 0, 64));
        manager.Publish(request, 64);
        manager.Free(request);

        Assert.Equal(0, manager.FindCachedPrefix(new Request(Request("b", Prompt(64)))));
        Assert.Equal(10, manager.Pool.NumFree);
    }

    [Fact]
    public void Free_SeveralBlocks_EvictsSuffixesFirst()
    {
        _manager.Free(Admit(Prompt(50)));
        Assert.Equal([2, 1, 0], _manager.Pool.EvictionOrder());
        Assert.Equal((7, 3, 0), (_manager.Pool.NumFree, _manager.Pool.NumCached, _manager.Pool.NumUsed));

        // Eight blocks: seven free ones and the longest suffix of the first request.
        var second = Admit(Prompt(8 * 16, seed: 1));
        Assert.Equal(32, _manager.FindCachedPrefix(new Request(Request("c", Prompt(50)))));
        _manager.CheckIntegrity([second]);
    }

    [Fact]
    public void TryAdmit_WholePromptDoesNotFit_ChangesNothing()
    {
        var first = Admit(Prompt(5 * 16));
        var second = new Request(Request("b", Prompt(6 * 16, seed: 1)));

        Assert.False(_manager.TryAdmit(second, 0, 16));
        Assert.Empty(Blocks(second));
        Assert.Equal((5, 5), (_manager.Pool.NumFree, _manager.Pool.NumUsed));
        _manager.CheckIntegrity([first]);
    }

    [Fact]
    public void TryAdmit_HitsAreEvictable_DoesNotCountThemAsRoom()
    {
        _manager.Free(Admit(Prompt(4 * 16)));
        var other = Admit(Prompt(6 * 16, seed: 1));

        // Four cached blocks are all there is: three are the hits, one is left for two more.
        var request = new Request(Request("c", [.. Prompt(3 * 16), .. Prompt(2 * 16, seed: 2)]));
        var cached = _manager.FindCachedPrefix(request);
        Assert.Equal(48, cached);
        Assert.False(_manager.TryAdmit(request, cached, 32));
        _manager.CheckIntegrity([other]);
    }

    [Fact]
    public void Publish_BlockNotFull_IsNotFound()
    {
        var request = new Request(Request("a", Prompt(40)));
        Assert.True(_manager.TryAdmit(request, 0, 40));
        var twin = new Request(Request("b", Prompt(40)));

        Assert.Equal(0, _manager.FindCachedPrefix(twin));
        _manager.Publish(request, 31);
        Assert.Equal(16, _manager.FindCachedPrefix(twin));
        _manager.Publish(request, 32);
        Assert.Equal(32, _manager.FindCachedPrefix(twin));
    }

    [Fact]
    public void CheckAtRest_BlockOwned_Throws()
    {
        _manager.CheckAtRest();
        Admit(Prompt(3));
        Assert.Throws<InvalidOperationException>(_manager.CheckAtRest);
    }

    private Request Admit(int[] prompt, string? salt = null)
    {
        var request = new Request(Request("a", prompt) with { CacheSalt = salt });
        var cached = _manager.FindCachedPrefix(request);
        Assert.True(_manager.TryAdmit(request, cached, prompt.Length - cached));
        _manager.Publish(request, prompt.Length);
        return request;
    }

    private static int[] Blocks(Request request) => request.BlockTable.Blocks.ToArray();

    private int[] RefCounts(int count) => [.. Enumerable.Range(0, count).Select(_manager.Pool.RefCount)];
}
