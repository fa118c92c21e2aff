using Grid.Abstractions.Replicas;
using Grid.Grains.Replicas;
using static Grid.Grains.Tests.Plans;

namespace Grid.Grains.Tests.Replicas;

public sealed class ReplicaHealthTests
{
    [Theory]
    [InlineData(null, ReplicaState.Placing)]
    [InlineData(ShardState.Loading, ReplicaState.Loading)]
    [InlineData(ShardState.Ready, ReplicaState.Ready)]
    public void Of_ItsShard_GoesFromPlacingOverLoadingToReady(ShardState? shard, ReplicaState expected) =>
        Assert.Equal(expected, ReplicaHealth.Of(Plan(), ReplicaTarget.Serve, shard is { } state ? [Held(state)] : []).State);

    [Theory]
    [InlineData(ReplicaTarget.Drain, ShardState.Ready, ReplicaState.Ready)]
    [InlineData(ReplicaTarget.Drain, ShardState.Draining, ReplicaState.Draining)]
    [InlineData(ReplicaTarget.Stop, ShardState.Stopping, ReplicaState.Draining)]
    public void Of_AReplicaThatLeaves_IsDrainingWhenItsShardsAre(ReplicaTarget target, ShardState shard, ReplicaState expected) =>
        Assert.Equal(expected, ReplicaHealth.Of(Plan(), target, [Held(shard)]).State);

    [Fact]
    public void Of_ShardFailed_FailsWithItsReason()
    {
        var failed = Held(ShardState.Failed) with { Reason = "LoadFailed", Message = "no such file" };
        Assert.Equal((ReplicaState.Failed, "LoadFailed", "m/r0/dp0/pp0/tp0: no such file"),
            ReplicaHealth.Of(Plan(), ReplicaTarget.Serve, [failed]));
    }

    private static ShardStatus Held(ShardState state) =>
        new(ReplicaId.Parse("m/r0"), 1, ShardId.Parse("dp0/pp0/tp0"), state, DeviceId.Sim(0), 1L << 30);
}
