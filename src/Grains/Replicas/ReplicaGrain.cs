using Grid.Abstractions.Grains;
using Grid.Abstractions.Replicas;
using Orleans.Placement;

namespace Grid.Grains.Replicas;

/// <inheritdoc cref="IReplicaGrain"/>
/// <remarks>It is activated where the grid's controller is: the replica can be driven as long as there is a controller.</remarks>
[PreferLocalPlacement]
internal sealed class ReplicaGrain(TimeProvider timeProvider) : Grain, IReplicaGrain
{
    private ReplicaDriver? _driver;

    /// <inheritdoc/>
    public Task<ReplicaStatus> Apply(ReplicaDirective directive) =>
        (_driver ??= new ReplicaDriver(GrainFactory, timeProvider)).ApplyAsync(directive);
}
