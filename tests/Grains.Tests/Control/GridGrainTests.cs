using Grid.Abstractions.Admin;
using Grid.Abstractions.Nodes;
using Grid.Grains.Tests.Hosting;

namespace Grid.Grains.Tests.Control;

public sealed class GridGrainTests
{
    private const string Actor = "test";

    [Fact]
    public async Task Apply_TwoReplicas_BecomeReadyOnDifferentNodesAndRoutable()
    {
        await using var bed = await GridTestBed.StartAsync(3);
        var accepted = await bed.Grid.Apply(GridTestBed.Config(2), "text", null, Actor);
        Assert.Equal(1, accepted.Value?.Version);
        var model = await bed.WaitForReadyAsync(2);
        Assert.Equal(2, model.Replicas.SelectMany(replica => replica.Ranks).Select(rank => rank.Node).Distinct().Count());
        var table = await bed.Grid.GetRoutingTable(null, 0);
        Assert.Equal(2, Assert.Single(table!.Models).Ranks.Count(rank => rank.Accepting));
        foreach (var replica in model.Replicas)
            Assert.Equal(replica.Epoch, Assert.Single(bed.Node(replica.Ranks[0].Node).Ranks.Ranks).Identity.Epoch);
    }

    [Fact]
    public async Task Kill_OfAReplicasNode_BringsItBackElsewhereUnderAHigherEpoch()
    {
        await using var bed = await GridTestBed.StartAsync(3);
        await bed.Grid.Apply(GridTestBed.Config(2), "text", null, Actor);
        var before = await bed.WaitForReadyAsync(2);
        var lost = before.Replicas[0];
        await bed.KillAsync(lost.Ranks[0].Node);
        var after = await bed.WaitForReadyAsync(2, model => model.Replicas.All(replica => replica.Ranks[0].Node != lost.Ranks[0].Node));
        Assert.True(after.Replicas.Max(replica => replica.Epoch) > before.Replicas.Max(replica => replica.Epoch));
        Assert.Contains(after.Replicas, replica => replica.Epoch == before.Replicas[1].Epoch);
    }

    [Fact]
    public async Task Kill_OfEachNodeInTurn_LeavesTheGridDeciding()
    {
        await using var bed = await GridTestBed.StartAsync(3);
        await bed.Grid.Apply(GridTestBed.Config(1), "text", null, Actor);
        await bed.WaitForReadyAsync(1);
        // One of the two holds the grid grain; either way the last node goes on.
        await bed.KillAsync(bed.Names[0]);
        await bed.WaitForReadyAsync(1, model => bed.Names.Contains(model.Replicas[0].Ranks[0].Node));
        await bed.KillAsync(bed.Names[0]);
        await bed.WaitForReadyAsync(1, model => bed.Names.Contains(model.Replicas[0].Ranks[0].Node));
    }

    [Fact]
    public async Task Restart_OfTheWholeCluster_BringsStateBackUnderHigherEpochs()
    {
        var content = new KeptStorage.Content();
        ModelView before;
        string cordoned;
        await using (var bed = await GridTestBed.StartAsync(3, content))
        {
            await bed.Grid.Apply(GridTestBed.Config(2), "text", null, Actor);
            before = await bed.WaitForReadyAsync(2);
            cordoned = bed.Names.Except(before.Replicas.Select(replica => replica.Ranks[0].Node)).Single();
            Assert.True((await bed.Grid.Cordon(cordoned, true, Actor)).Value?.Cordoned);
        }

        await using var again = await GridTestBed.StartAsync(3, content);
        var after = await again.WaitForReadyAsync(2,
            model => model.Replicas.All(replica => replica.Epoch > before.Replicas.Max(old => old.Epoch)));
        Assert.DoesNotContain(cordoned, after.Replicas.Select(replica => replica.Ranks[0].Node));
        Assert.True((await again.Grid.GetNodes()).Single(node => node.Name == cordoned).Cordoned);
        Assert.Equal(1, Assert.Single(await again.Grid.GetConfigVersions()).Version);
    }

    [Fact]
    public async Task Drain_OfANode_MovesItsReplicaAndEndsDrained()
    {
        await using var bed = await GridTestBed.StartAsync(3);
        await bed.Grid.Apply(GridTestBed.Config(2), "text", null, Actor);
        var before = await bed.WaitForReadyAsync(2);
        var node = before.Replicas[0].Ranks[0].Node;
        var drain = await bed.Grid.Drain(node, new DrainRequest(1, false, false), Actor);
        Assert.Null(drain.Fault);
        await bed.WaitAsync(
            status => status.Operations.Any(operation => operation.Id == drain.Value!.Id && operation.State == "Succeeded"));
        var after = await bed.WaitForReadyAsync(2);
        Assert.DoesNotContain(node, after.Replicas.Select(replica => replica.Ranks[0].Node));
        Assert.Equal(NodeState.Drained, (await bed.Grid.GetNodes()).Single(view => view.Name == node).State);
        Assert.True(bed.Node(node).Host.IsEmpty);
        Assert.Empty(bed.Node(node).Ranks.Ranks);
    }

    [Fact]
    public async Task ReportNode_TwiceAndLate_ChangesNothing()
    {
        await using var bed = await GridTestBed.StartAsync(2);
        var empty = bed.Names.Select(name => bed.Node(name).Host.GetReport()).ToArray();
        await bed.Grid.Apply(GridTestBed.Config(2), "text", null, Actor);
        var before = await bed.WaitForReadyAsync(2);
        var full = bed.Names.Select(name => bed.Node(name).Host.GetReport()).ToArray();
        for (var i = 0; i < 20; i++)
            foreach (var report in empty.Concat(full)) await bed.Grid.ReportNode(report);
        // Three rounds of reports later all is as it was.
        var seen = (await bed.Grid.GetNodes()).Max(view => view.LastSeenAt);
        while ((await bed.Grid.GetNodes()).Min(view => view.LastSeenAt) < seen + TimeSpan.FromSeconds(3))
            await bed.WaitAsync(status => GridTestBed.Model(status).Ready == 2);
        var after = await bed.WaitForReadyAsync(2);
        Assert.Equal(before.Replicas.Select(replica => replica.Epoch), after.Replicas.Select(replica => replica.Epoch));
    }

    [Fact]
    public async Task Apply_WhileTheStoreIsAway_AnswersStoreUnavailableAndHeals()
    {
        await using var bed = await GridTestBed.StartAsync(1);
        await bed.Grid.Apply(GridTestBed.Config(1, 0), "text", null, Actor);
        await bed.WaitForReadyAsync(1);
        bed.Content.Away = true;
        var refused = await bed.Grid.Apply(GridTestBed.Config(2, 0), "other text", null, Actor);
        Assert.Equal(("store_unavailable", 503), (refused.Fault?.Code, refused.Fault?.Status));
        bed.Content.Away = false;
        Assert.Null((await bed.Grid.Apply(GridTestBed.Config(2, 0), "other text", null, Actor)).Fault);
        await bed.WaitForReadyAsync(2);
    }

    [Fact]
    public async Task Apply_AfterAnotherActivationWrote_EndsThisOneAndTheNextOneDecides()
    {
        await using var bed = await GridTestBed.StartAsync(2);
        await bed.Grid.Apply(GridTestBed.Config(1), "text", null, Actor);
        await bed.WaitForReadyAsync(1);
        var (key, row) = Assert.Single(bed.Content.Rows);
        bed.Content.Rows[key] = (row.Bytes, "another");
        var refused = await bed.Grid.Apply(GridTestBed.Config(2), "other text", null, Actor);
        Assert.Equal(503, refused.Fault?.Status);
        await bed.WaitForReadyAsync(1);
        Assert.Equal(2, (await bed.Grid.Apply(GridTestBed.Config(2), "other text", null, Actor)).Value?.Version);
        await bed.WaitForReadyAsync(2);
    }

    [Fact]
    public async Task Restart_OfASiloInsideItsProcess_LeavesNoRankOfAnOldPlan()
    {
        await using var bed = await GridTestBed.StartAsync(3);
        await bed.Grid.Apply(GridTestBed.Config(2), "text", null, Actor);
        var before = await bed.WaitForReadyAsync(2);
        await bed.RestartSiloAsync(before.Replicas[0].Ranks[0].Node);
        await bed.WaitAsync(
            status => status.Nodes.Ready == 3 && GridTestBed.Model(status).Ready == 2 && RanksAreThoseOf(GridTestBed.Model(status)));

        bool RanksAreThoseOf(ModelView model) =>
            bed.Names.SelectMany(name => bed.Node(name).Ranks.Ranks).Select(rank => (rank.Id, rank.Identity.Epoch))
            .OrderBy(pair => pair.ToString())
                .SequenceEqual(
                model.Replicas.SelectMany(replica => replica.Ranks.Select(rank => (rank.Id, replica.Epoch)))
                    .OrderBy(pair => pair.ToString()));
    }
}
