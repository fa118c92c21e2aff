using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Routing;
using Grid.Grains.Control;
using Grid.Grains.Records;

namespace Grid.Grains.Tests.Control;

public sealed class GridControllerTests
{
    private readonly GridBench _grid = new();

    private RoutingTable Table() => _grid.Controller.GetRoutingTable()!;

    [Fact]
    public void Handle_ConfigApplied_BringsReplicasUpOnDifferentNodes()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        var model = _grid.Model();
        Assert.Equal(("Ready", 2, 2), (model.State, model.Desired, model.Ready));
        Assert.Equal(["a", "b"], model.Replicas.Select(r => Assert.Single(r.Ranks).Node));
        Assert.All(Assert.Single(Table().Models).Ranks, rank => Assert.True(rank.Accepting));
        Assert.Equal((1, 1), (_grid.Controller.GetStatus("redis").ConfigVersion, _grid.Controller.GetStatus("redis").ObservedVersion));
    }

    [Fact]
    public void Handle_NodeDead_ReplacesUnderAHigherEpoch()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        var before = _grid.Model().Replicas[0].Epoch;
        _grid.Die("a");
        _grid.Run();
        var after = _grid.Model().Replicas[0];
        Assert.Equal((ReplicaId.Parse("m/r0"), "Ready", "c"), (after.Id, after.State, after.Ranks[0].Node));
        Assert.True(after.Epoch > before);
        Assert.Equal((NodeState.Dead, 0), (_grid.Node("a").State, _grid.Node("a").Shards.Length));
        Assert.Contains(_grid.Controller.GetEvents(0, 1000), e => e is { Reason: "NodeDead", Type: "Warning", Object: "node/a" });
    }

    [Fact]
    public void Handle_ReportsLate_IsNotReadyAndKeepsItsReplicas()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        _grid.At("a").Silent = true;
        _grid.Run(5);
        Assert.Equal(NodeState.NotReady, _grid.Node("a").State);
        Assert.Equal("a", _grid.Model().Replicas[0].Ranks[0].Node);
        _grid.At("a").Silent = false;
        _grid.Run(1);
        Assert.Equal(NodeState.Ready, _grid.Node("a").State);
    }

    [Fact]
    public void Handle_NodeLeaving_IsDrainedWithoutACordon()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        _grid.At("a").Leaving = true;
        _grid.Run();
        Assert.Empty(_grid.Node("a").Shards);
        Assert.False(_grid.Node("a").Cordoned);
        _grid.Die("a");
        _grid.Run();
        Assert.Equal((NodeState.Left, "Ready"), (_grid.Node("a").State, _grid.Model().State));
    }

    [Fact]
    public void Handle_StoreAway_PlacesNothingUntilItIsBack()
    {
        _grid.Join("a");
        _grid.Run();
        _grid.StoreAway = true;
        _grid.Apply(GridBench.TwoReplicas with { Replicas = 1 });
        _grid.Run();
        Assert.Null(_grid.Answered);
        Assert.Equal("Unavailable", _grid.Controller.GetStatus("redis").Store.State);
        Assert.Empty(_grid.Controller.GetStatus("redis").Models);
        _grid.StoreAway = false;
        _grid.Run();
        _grid.Apply(GridBench.TwoReplicas with { Replicas = 1 });
        _grid.Run();
        Assert.Equal(("Healthy", "Ready"), (_grid.Controller.GetStatus("redis").Store.State, _grid.Model().State));
    }

    [Fact]
    public void Handle_Restarted_GoesOnWithCordonsAndDrains()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        _grid.At("a").Streams = 1;
        _grid.Ask(new GridEvent.NodeCordoned("b", true, "admin"));
        _grid.Run(1);
        var epochs = _grid.Model().Replicas.Select(r => r.Epoch).ToArray();
        var operation = _grid.Drain("a");
        _grid.Restart(_grid.Stored!);
        Assert.True(_grid.Node("b").Cordoned);
        Assert.Equal("Running", _grid.Operation(operation.Id).State);
        _grid.At("a").Streams = 0;
        _grid.Run(16);
        Assert.Equal(("Succeeded", "Ready"), (_grid.Operation(operation.Id).State, _grid.Model().State));
        Assert.True(_grid.Model().Replicas.Max(r => r.Epoch) > epochs.Max());
    }

    [Fact]
    public void Handle_RestartedBeforeItsNodes_KeepsTheDrainUntilTheNodeIsBack()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        _grid.At("a").Streams = 1;
        var operation = _grid.Drain("a", timeout: 60);
        _grid.Run(1);
        foreach (var node in (string[])["a", "b", "c"]) _grid.Die(node);
        _grid.Join("b");
        _grid.Join("c");
        _grid.Restart(_grid.Stored!);
        Assert.Equal("Running", _grid.Operation(operation.Id).State);
        _grid.Join("a");
        _grid.Run();
        Assert.Equal(("Succeeded", NodeState.Drained), (_grid.Operation(operation.Id).State, _grid.Node("a").State));
    }

    [Fact]
    public void Handle_RestartedWithoutTheNode_EndsTheDrainAtItsTimeout()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        _grid.At("a").Streams = 1;
        var operation = _grid.Drain("a", timeout: 20);
        _grid.Die("a");
        _grid.Restart(_grid.Stored!);
        Assert.Equal("Running", _grid.Operation(operation.Id).State);
        _grid.Run(20);
        Assert.Equal(("Failed", "NodeGone"), (_grid.Operation(operation.Id).State, _grid.Operation(operation.Id).Reason));
    }

    [Fact]
    public void Handle_StoreLost_TakesOverWhatRunsAndPlacesAboveItsEpochs()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        var before = _grid.Model().Replicas.Select(r => (r.Id, r.Epoch)).ToArray();
        _grid.Restart(new GridState { Incarnation = "another" });
        Assert.Equal(before, _grid.Model().Replicas.Select(r => (r.Id, r.Epoch)));
        _grid.Apply(GridBench.TwoReplicas with { Replicas = 3 });
        _grid.Run();
        Assert.Equal("Ready", _grid.Model().State);
        Assert.Equal(before[0], (_grid.Model().Replicas[0].Id, _grid.Model().Replicas[0].Epoch));
        Assert.True(_grid.Model().Replicas[2].Epoch > before.Max(b => b.Epoch));
    }

    [Fact]
    public void Handle_StoreLost_TellsGatewaysNothingBeforeItHasGathered()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        var before = _grid.Model().Replicas.Select(r => r.Epoch).ToArray();
        // Silos find the empty store one by one.
        _grid.Members = ["a"];
        _grid.Restart(new GridState { Incarnation = "another" }, seconds: 2);
        Assert.Null(_grid.Controller.GetRoutingTable());
        _grid.Apply(GridBench.TwoReplicas);
        _grid.Members = null;
        _grid.Run(1);
        Assert.Null(_grid.Controller.GetRoutingTable());
        _grid.Run();
        Assert.Equal(before, Table().Models.Single().Ranks.Select(r => r.Epoch));
        Assert.Equal(before, _grid.Model().Replicas.Select(r => r.Epoch));
    }

    [Fact]
    public void Handle_SiloStartedAnewInItsProcess_StopsWhatWasReplaced()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        _grid.Readdress("a");
        Assert.Equal((NodeState.Ready, "Ready", "c"),
            (_grid.Node("a").State, _grid.Model().State, _grid.Model().Replicas[0].Ranks[0].Node));
        Assert.Equal((0, 0L), (_grid.Node("a").Shards.Length, _grid.Node("a").Devices[0].ReservedBytes));
    }

    [Fact]
    public void Scale_ByHand_HoldsUntilTheFileChangesThatModel()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        var operation = (OperationView)_grid.Ask(new GridEvent.ModelScaled("m", 3, "admin")).Value!;
        _grid.Run();
        Assert.Equal(("Succeeded", 3), (_grid.Operation(operation.Id).State, _grid.Model().Ready));
        _grid.Apply(GridBench.TwoReplicas, GridBench.TwoReplicas with { Name = "other", Replicas = 0, MinAvailable = 0 });
        _grid.Run();
        Assert.Equal(3, _grid.Model().Desired);
        _grid.Apply(GridBench.TwoReplicas with { Replicas = 1 });
        _grid.Run();
        Assert.Equal((1, 1), (_grid.Model().Desired, _grid.Model().Replicas.Length));
    }

    [Fact]
    public void Apply_ChangedEngine_RollsOutAndRollsBack()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b", "c");
        var revision = _grid.Model().Revision;
        _grid.Apply(GridBench.TwoReplicas with { Engine = new() { ["maxModelLen"] = "1024" } });
        _grid.Run(20);
        Assert.Equal("Succeeded", _grid.Controller.Operations.Single(o => o.Kind == "Rollout").State);
        Assert.NotEqual(revision, _grid.Model().Revision);
        Assert.Null(_grid.Ask(new GridEvent.ConfigRolledBack(1, "admin")).Fault);
        _grid.Run(20);
        Assert.Equal((revision, "Ready", 3L), (_grid.Model().Revision, _grid.Model().State, _grid.Controller.ConfigVersions[^1].Version));
    }

    [Fact]
    public void Apply_AnotherVersionExpected_IsRefused()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b");
        Assert.Equal(412,
            _grid.Ask(new GridEvent.ConfigApplied(new GridConfig("x", new GatewaySpec(), []), "x", 7, "admin")).Fault!.Status);
        Assert.Equal(404, _grid.Ask(new GridEvent.ConfigRolledBack(7, "admin")).Fault!.Status);
    }

    [Fact]
    public void Delete_Model_EndsWhenNothingIsLeft()
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b");
        var operation = (OperationView)_grid.Ask(new GridEvent.ModelDeleted("m", "admin")).Value!;
        _grid.Run();
        Assert.Equal("Succeeded", _grid.Operation(operation.Id).State);
        Assert.Empty(_grid.Controller.GetStatus("redis").Models);
        Assert.All(_grid.Controller.GetNodes(), n => Assert.Equal(0, n.Devices[0].ReservedBytes));
    }

    [Theory]
    [InlineData("file:grid.yaml", 0)]
    [InlineData("admin", 1)]
    public void Apply_SameTextAfterADelete_RestoresUnlessItIsTheWatchedFile(string actor, int models)
    {
        _grid.Start(GridBench.TwoReplicas, "a", "b");
        _grid.Ask(new GridEvent.ModelDeleted("m", "admin"));
        _grid.Run();
        var force = _grid.Stored!.Configs[^1];
        Assert.Null(_grid.Ask(new GridEvent.ConfigApplied(force.Config, force.Text, null, actor)).Fault);
        _grid.Run();
        Assert.Equal(models, _grid.Controller.GetStatus("redis").Models.Count(m => m.State == "Ready"));
    }

    [Fact]
    public void Handle_SourceThatNoNodeCanRead_FailsWithWhatWasFound()
    {
        _grid.Join("a");
        _grid.Join("b");
        _grid.Apply(GridBench.TwoReplicas with { Source = "/nope", Sim = null });
        _grid.At("a").Files = [new ModelFiles("/nope", null, 0, 0, 0, "not here")];
        _grid.Run(2);
        Assert.Equal("Progressing", _grid.Model().State);
        _grid.At("b").Files = [new ModelFiles("/nope", null, 0, 0, 0, "not here")];
        _grid.Run(2);
        Assert.Equal(("Failed", "InvalidModelFiles", "a, b: not here"), (_grid.Model().State, _grid.Model().Reason, _grid.Model().Message));
        _grid.At("b").Files = [new ModelFiles("/nope", "sha256:1", 1 << 20, 64, 1024, null)];
        _grid.Run();
        Assert.Equal("Ready", _grid.Model().State);
    }

    [Fact]
    public void Handle_AutoThatNeedsTwoDevices_KeepsItsLayoutAndTellsWhy()
    {
        _grid.Join("a", devices: 2);
        _grid.Apply(GridBench.TwoReplicas with { Replicas = 1, Sim = new SimSpec(WeightsBytes: 12L << 30) });
        _grid.Run();
        var replica = Assert.Single(_grid.Model().Replicas);
        Assert.Equal(("Ready", new StrategyView(2, 1, 1, 1)), (replica.State, replica.Strategy));
        Assert.Contains("It fits one node: tensor parallelism over 2 of its devices.", replica.Reasons!);
        Assert.Contains(_grid.Controller.GetEvents(0, 1000),
            e => e is { Reason: "LayoutSelected", Object: "replica/m/r0" }
            && e.Message.StartsWith("tensor 2, pipeline 1, data 1, expert 1: One device is too small: it needs 12 GiB.",
            StringComparison.Ordinal));

        // What is free later changes nothing of what stands.
        _grid.Join("b", devices: 4);
        _grid.Run();
        Assert.Equal((replica.Epoch, replica.Strategy), (_grid.Model().Replicas[0].Epoch, _grid.Model().Replicas[0].Strategy));

        _grid.Restart(_grid.Stored!);
        Assert.Equal((replica.Epoch, replica.Strategy), (_grid.Model().Replicas[0].Epoch, _grid.Model().Replicas[0].Strategy));
    }

    [Fact]
    public void Handle_EqualEvents_AreCounted()
    {
        for (var i = 0; i < 3; i++)
            _grid.Controller.Handle(new GridEvent.Noted("Warning", "ConfigInvalid", "grid", "grid.yaml:1:1", "a"), Plans.Now.AddSeconds(i));
        var counted = Assert.Single(_grid.Controller.GetEvents(0, 10));
        Assert.Equal((3, Plans.Now.AddSeconds(2)), (counted.Count, counted.Time));
        Assert.Empty(_grid.Controller.GetEvents(counted.Id, 10));
    }
}
