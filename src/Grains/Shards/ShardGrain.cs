using Grid.Abstractions.Grains;
using Grid.Abstractions.Replicas;
using Grid.Grains.Placement;

namespace Grid.Grains.Shards;

/// <inheritdoc cref="IShardGrain"/>
[NodePlacement]
internal sealed class ShardGrain(IShardHost host) : Grain, IShardGrain
{
    private readonly ShardIncarnation _incarnation = new();

    /// <inheritdoc/>
    public Task<ShardStatus?> Apply(ShardDirective directive) =>
        Task.FromResult(_incarnation.Accepts(directive) ? host.Apply(directive) : null);
}
