using Grid.Engine.KVCache;

namespace Grid.Engine.Tests.KVCache;

public sealed class BlockHashTests
{
    [Fact]
    public void Of_SameParentAndTokens_IsEqual() =>
        Assert.Equal(BlockHash.Of(BlockHash.Seed("m", null, null), [1, 2]), BlockHash.Of(BlockHash.Seed("m", null, null), [1, 2]));

    [Fact]
    public void Of_AnyPartDiffers_Differs()
    {
        var seed = BlockHash.Seed("m", null, null);
        var parent = BlockHash.Of(seed, [1, 2]);
        BlockHash[] hashes = [seed, parent, BlockHash.Of(seed, [2, 1]), BlockHash.Of(seed, [1]), BlockHash.Of(parent, [1, 2]),
            BlockHash.Of(parent, [])];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void Seed_PartsMovedBetweenFields_Differs()
    {
        BlockHash[] seeds =
        [
            BlockHash.Seed("m", null, null), BlockHash.Seed("m", "a", null), BlockHash.Seed("m", null, "a"), BlockHash.Seed("m", "", null),
            BlockHash.Seed("m", "a", "b"), BlockHash.Seed("m", "ab", ""), BlockHash.Seed("ma", null, "b"),
                BlockHash.Seed("m1:a-", null, null),
        ];

        Assert.Equal(seeds.Length, seeds.Distinct().Count());
    }

    [Fact]
    public void Extend_TokensArriveInPieces_GivesTheSameChain()
    {
        var seed = BlockHash.Seed("m", null, null);
        int[] tokens = [.. Enumerable.Range(0, 70)];
        var whole = new BlockHashChain();
        whole.Extend(seed, tokens, 16);
        var pieces = new BlockHashChain();
        for (var length = 0; length <= tokens.Length; length++) pieces.Extend(seed, tokens.AsSpan(0, length), 16);

        Assert.Equal(4, whole.Count);
        Assert.Equal(4, pieces.Count);
        for (var i = 0; i < 4; i++) Assert.Equal(whole[i], pieces[i]);
    }
}
