using Grid.Abstractions.Grains;
using Grid.Abstractions.Replicas;
using Grid.Grains.Placement;

namespace Grid.Grains.Shards;

/// <inheritdoc cref="IExpertShardGrain"/>
[NodePlacement]
internal sealed class ExpertShardGrain(IShardHost host) : Grain, IExpertShardGrain
{
    private readonly ShardIncarnation _incarnation = new();

    /// <inheritdoc/>
    public Task<ShardStatus?> Apply(ShardDirective directive) =>
        Task.FromResult(_incarnation.Accepts(directive) ? host.Apply(directive) : null);
}
