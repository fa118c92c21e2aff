using Grid.Abstractions.Nodes;
using Orleans.Concurrency;

namespace Grid.Abstractions.Grains;

/// <summary>One node, keyed by its name, on the node's own silo. It owns the order of measurements.</summary>
[Alias("grid.INodeGrain")]
public interface INodeGrain : IGrainWithStringKey
{
    /// <summary>The node's state now.</summary>
    [Alias("GetReport"), AlwaysInterleave]
    Task<NodeReport> GetReport();

    /// <summary>Measures the data plane to another node; measurements of one node are made one after another.</summary>
    /// <param name="endPoint">HOST:PORT of the other node's data plane; null to measure between this node's devices.</param>
    [Alias("Probe")]
    Task<LinkSpeed> Probe(string? endPoint);
}
