using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;
using Grid.Grains.Store;
using Grid.Grains.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Storage;

namespace Grid.Grains.Tests.Store;

public sealed class GridStateTests
{
    [Fact]
    public void State_ThroughTheStoresSerializer_ComesBack()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = new OrleansGrainStorageSerializer(services.GetRequiredService<Serializer>());
        AssertSame(State(), serializer.Deserialize<GridState>(serializer.Serialize(State())));
    }

    [Fact]
    public void State_ThroughJson_ComesBack()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = new JsonGrainStorageSerializer(new OrleansJsonSerializer(Options.Create(new OrleansJsonSerializerOptions())));
        AssertSame(State(), serializer.Deserialize<GridState>(serializer.Serialize(State())));
    }

    private static GridState State()
    {
        var config = GridTestBed.Config(2);
        var autoscaled = new ModelSpec("b", "/m", null, new AutoscaleSpec(0, 2, 1, 0.5, null, default, default, default, default), 1, Engine: new() { ["dtype"] = "float32" }, Aliases: ["c"]);
        var plan = new ReplicaPlan("fake", 0, 7, "r", config.Models[0], new ReplicaLayout(), [new ShardPlan(ShardId.Parse("dp0/pp0/tp0"), "a", "i", "s", "sim:0", 5)]);
        return new GridState
        {
            Incarnation = "x",
            Epoch = 7,
            LastOperation = 3,
            LastEvent = 9,
            Configs = [new ConfigRecord(1, DateTimeOffset.UnixEpoch, "me", "text", "first", config)],
            Deployed = new() { ["b"] = autoscaled },
            Deleted = ["z"],
            Overrides = new() { ["fake"] = 3 },
            Cordons = new() { ["a"] = new CordonRecord("me", DateTimeOffset.UnixEpoch, "op-3", true) },
            Plans = new() { [7] = new PlanRecord(plan, ReplicaTarget.Drain, DateTimeOffset.UnixEpoch, 4, true, 2, true, DateTimeOffset.UnixEpoch, [plan.Shards[0] with { Shard = ShardId.Parse("ep0"), Generation = 2 }]) },
            Operations = [new OperationRecord("op-3", OperationKind.Drain, "a", OperationState.Running, null, "m", DateTimeOffset.UnixEpoch, null, TimeSpan.FromSeconds(3), null, true, "me")],
        };
    }

    private static void AssertSame(GridState expected, GridState? actual) => Assert.Equivalent(expected, actual, strict: true);
}
