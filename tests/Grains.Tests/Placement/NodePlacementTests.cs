using System.Diagnostics;
using Grid.Abstractions.Grains;
using Grid.Grains.Placement;
using Grid.Grains.Tests.Hosting;

namespace Grid.Grains.Tests.Placement;

public sealed class NodePlacementTests
{
    [Fact]
    public async Task Activation_WithNodeInItsKey_StandsOnThatNode()
    {
        await using var bed = await GridTestBed.StartAsync(3);
        foreach (var name in bed.Names)
        {
            var report = await bed.Grains.GetGrain<INodeGrain>(name).GetReport();
            Assert.Equal(name, report.Name);
            Assert.Null(await bed.Grains.GetGrain<IAttentionRankGrain>(GrainKeys.Rank(RankId.Parse("fake/r0/dp0"), 7, name)).GetStatus());
        }
    }

    [Fact]
    public async Task Activation_OnNodeThatIsNoMember_FailsAtOnceAndSaysWhatThereIs()
    {
        await using var bed = await GridTestBed.StartAsync(1);
        var clock = Stopwatch.StartNew();
        var fault = await Assert.ThrowsAsync<NodeUnavailableException>(() => bed.Grains.GetGrain<INodeGrain>("elsewhere").GetReport());
        Assert.Contains("elsewhere", fault.Message, StringComparison.Ordinal);
        Assert.Contains(bed.Names[0], fault.Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"It took {clock.Elapsed}.");
    }
}
