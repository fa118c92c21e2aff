using Grid.Abstractions.Nodes;
using Orleans.Concurrency;

namespace Grid.Abstractions.Grains;

/// <summary>One node, keyed by its name, on the node's own silo: what it has and holds.</summary>
[Alias("grid.INodeGrain")]
public interface INodeGrain : IGrainWithStringKey
{
    /// <summary>The node's state now.</summary>
    [AlwaysInterleave]
    Task<NodeReport> GetReport();
}
