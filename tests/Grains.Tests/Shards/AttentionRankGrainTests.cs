using Grid.Abstractions.Grains;
using Grid.Grains.Tests.Hosting;
using Orleans.Core.Internal;

namespace Grid.Grains.Tests.Shards;

public sealed class AttentionRankGrainTests
{
    private static readonly RankId Leaving = RankId.Parse("fake/r9/dp0");

    [Fact]
    public async Task Reserve_AtAReadyRank_IsReportedUntilItIsGivenBack()
    {
        await using var bed = await GridTestBed.StartAsync(1);
        await bed.Grid.Apply(GridTestBed.Config(1), "text", null, "test");
        var replica = Assert.Single((await bed.WaitForReadyAsync(1)).Replicas);
        var id = replica.Id.Rank(0);
        var node = replica.Ranks[0].Node!;
        var rank = bed.Grains.GetGrain<IAttentionRankGrain>(GrainKeys.Rank(id, replica.Epoch, node));
        var soon = TimeProvider.System.GetUtcNow().AddMinutes(1);

        Assert.Equal(7, await rank.Reserve(Leaving, 7, soon));
        Assert.Equal(7, (await rank.GetStatus())!.Reserved);
        Assert.Equal(7, bed.Node(node).Host.FindRank(id, replica.Epoch)!.Reserved);

        // What is reserved outlives the activation: another rank that leaves gets what is left, and each gives back its own.
        await rank.AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
        var room = (await rank.GetStatus())!.MaxNumSeqs;
        Assert.Equal(room - 7, await rank.Reserve(RankId.Parse("fake/r8/dp0"), room, soon));
        Assert.Equal(room, (await rank.GetStatus())!.Reserved);
        Assert.Equal(0, await rank.Reserve(Leaving, 0, soon));
        Assert.Equal(room - 7, (await rank.GetStatus())!.Reserved);
    }

    [Fact]
    public async Task Reserve_AtARankOfAnotherEpoch_GrantsNothing()
    {
        await using var bed = await GridTestBed.StartAsync(1);
        await bed.Grid.Apply(GridTestBed.Config(1), "text", null, "test");
        var replica = Assert.Single((await bed.WaitForReadyAsync(1)).Replicas);
        var key = GrainKeys.Rank(replica.Id.Rank(0), replica.Epoch + 1, replica.Ranks[0].Node!);
        var rank = bed.Grains.GetGrain<IAttentionRankGrain>(key);
        Assert.Equal(0, await rank.Reserve(Leaving, 3, TimeProvider.System.GetUtcNow().AddMinutes(1)));
        Assert.Null(await rank.GetStatus());
    }
}
