using Grid.Engine.Parallelism.Experts;
using Grid.Primitives.Options;

namespace Grid.Engine.Tests.Parallelism.Experts;

public sealed class ExpertBalancerTests
{
    [Fact]
    public void Balance_ASkewedLoad_CopiesTheHotExpertAndLevelsTheShards()
    {
        // One of eight experts gets 60% of the rows.
        long[] load = [600, 60, 60, 60, 55, 55, 55, 55];
        var linear = ExpertPlacement.Create(1, 8, 4, ExpertPlacementStrategy.Linear).Holders[0];
        var moved = ExpertBalancer.Balance(load, shards: 4, redundant: 4, linear);
        Assert.Equal(12, moved.Sum(holders => holders.Length));
        Assert.True(moved[0].Length > 1);
        Assert.All(moved, holders => Assert.Equal(holders.Distinct(), holders));
        Assert.All(Enumerable.Range(0, 4), shard => Assert.InRange(moved.Count(holders => holders.Contains(shard)), 1, 3));
        Assert.InRange(ExpertBalancer.Balancedness(load, 4, linear), 0.3, 0.4);
        Assert.InRange(ExpertBalancer.Balancedness(load, 4, moved), 0.9, 1);
    }

    [Fact]
    public void Balance_RandomLoads_KeepsEveryExpertAndNeverGetsWorseThanOneCopyEach()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            int experts = random.Next(2, 40), shards = random.Next(1, Math.Min(experts, 8) + 1), redundant = random.Next(0, 9);
            long[] load = [.. Enumerable.Range(0, experts).Select(_ => (long)random.Next(0, 1000))];
            var moved = ExpertBalancer.Balance(load, shards, redundant,
                ExpertPlacement.Create(1, experts, shards, ExpertPlacementStrategy.Linear).Holders[0]);
            var slots = (experts + redundant + shards - 1) / shards;
            Assert.All(moved, holders => Assert.True(holders.Length >= 1, $"seed {seed}"));
            Assert.All(moved, holders => Assert.True(holders.Length == holders.Distinct().Count(), $"seed {seed}"));
            Assert.All(Enumerable.Range(0, shards),
                shard => Assert.True(moved.Count(holders => holders.Contains(shard)) <= slots, $"seed {seed}"));
        }
    }

    [Theory]
    [InlineData("linear", 10, 4, "0,0,0,1,1,1,2,2,3,3")]
    [InlineData("round_robin", 10, 4, "0,1,2,3,0,1,2,3,0,1")]
    public void Create_AStrategy_PlacesAsVLLMDoes(string strategy, int experts, int shards, string expected) =>
        Assert.Equal(expected,
        string.Join(',',
            ExpertPlacement.Create(1, experts, shards, EngineChoices.ExpertPlacements.Parse(strategy)).Holders[0].Select(
            holders => Assert.Single(holders))));
}
