using Grid.Abstractions.Grains;
using Grid.Abstractions.Replicas;
using Grid.Grains.Placement;

namespace Grid.Grains.Shards;

/// <inheritdoc cref="IShardGrain"/>
[NodePlacement]
internal sealed class ShardGrain(IShardHost host) : Grain, IShardGrain
{
    /// <inheritdoc/>
    public Task<ShardStatus?> Apply(ShardDirective directive) => Task.FromResult(host.Apply(directive));
}
