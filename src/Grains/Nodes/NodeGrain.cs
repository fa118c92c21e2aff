using Grid.Abstractions.Grains;
using Grid.Abstractions.Nodes;
using Grid.Grains.Placement;
using Grid.Grains.Shards;

namespace Grid.Grains.Nodes;

/// <inheritdoc cref="INodeGrain"/>
/// <remarks>Its turns put measurements of the data plane one after another: two at once would halve each other's figures.</remarks>
[NodePlacement]
internal sealed class NodeGrain(IShardHost host) : Grain, INodeGrain
{
    /// <inheritdoc/>
    public Task<NodeReport> GetReport() => Task.FromResult(host.GetReport());

    /// <inheritdoc/>
    public Task<LinkSpeed> Probe(string? endPoint) => host.ProbeAsync(endPoint);
}
