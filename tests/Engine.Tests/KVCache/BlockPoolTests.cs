using Grid.Engine.KVCache;

namespace Grid.Engine.Tests.KVCache;

public sealed class BlockPoolTests
{
    private readonly BlockPool _pool = new(4);

    [Fact]
    public void Allocate_Fresh_GivesIdsInOrder()
    {
        Assert.Equal([0, 1, 2, 3], Allocate(4));
        Check(1, 1, 1, 1);
    }

    [Fact]
    public void Allocate_NothingAvailable_Throws()
    {
        Allocate(4);
        Assert.Throws<InvalidOperationException>(() => _pool.Allocate());
    }

    [Fact]
    public void Release_WithoutHash_IsFreeAtOnce()
    {
        Allocate(3);
        _pool.Release(1);

        Assert.Equal((2, 2, 0), (_pool.NumFree, _pool.NumUsed, _pool.NumCached));
        Assert.Equal(1, _pool.Allocate());
    }

    [Fact]
    public void Allocate_CachedBlocks_EvictsTheLeastRecentlyUsedAfterTheFreeOnes()
    {
        Allocate(3);
        for (var block = 0; block < 3; block++) _pool.Publish(block, Hash(block));
        foreach (var block in new[] { 2, 0, 1 }) _pool.Release(block);
        Assert.Equal([2, 0, 1], _pool.EvictionOrder());
        Check(0, 0, 0, 0);

        Assert.Equal([3, 2, 0], Allocate(3));
        Assert.False(_pool.TryFind(Hash(2), out _));
        Assert.True(_pool.TryFind(Hash(1), out var found));
        Assert.Equal(1, found);
        Check(1, 0, 1, 1);
    }

    [Fact]
    public void Acquire_CachedBlock_TakesItOutOfTheEvictionOrder()
    {
        Allocate(2);
        for (var block = 0; block < 2; block++) _pool.Publish(block, Hash(block));
        _pool.Release(0);
        _pool.Release(1);

        _pool.Acquire(0);
        _pool.Acquire(0);

        Assert.Equal([1], _pool.EvictionOrder());
        Assert.Equal(2, _pool.RefCount(0));
        Check(2, 0, 0, 0);
        _pool.Release(0);
        Assert.Equal([1], _pool.EvictionOrder());
        _pool.Release(0);
        Assert.Equal([1, 0], _pool.EvictionOrder());
    }

    [Fact]
    public void Publish_EqualContentTwice_KeepsTheFirstAndFreesTheSecond()
    {
        Allocate(2);
        _pool.Publish(0, Hash(7));
        _pool.Publish(1, Hash(7));
        _pool.Release(1);

        Assert.True(_pool.TryFind(Hash(7), out var found));
        Assert.Equal((0, 3, 0), (found, _pool.NumFree, _pool.NumCached));
        Check(1, 0, 0, 0);
    }

    [Fact]
    public void Release_WithoutOwner_Throws() => Assert.Throws<InvalidOperationException>(() => _pool.Release(0));

    [Fact]
    public void CheckIntegrity_OwnersDisagree_Throws()
    {
        Allocate(1);
        Assert.Throws<InvalidOperationException>(() => Check(0, 0, 0, 0));
        Assert.Throws<InvalidOperationException>(() => Check(2, 0, 0, 0));
    }

    private static BlockHash Hash(int content) => BlockHash.Of(default, [content]);

    private int[] Allocate(int count) => [.. Enumerable.Range(0, count).Select(_ => _pool.Allocate())];

    private void Check(params int[] owners) => _pool.CheckIntegrity(owners);
}
