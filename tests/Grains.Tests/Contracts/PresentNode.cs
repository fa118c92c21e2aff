using Grid.Abstractions.Grains;
using Grid.Abstractions.Nodes;

namespace Grid.Grains.Tests.Contracts;

/// <summary>A node of this version, whose report has everything in it.</summary>
[GrainType("present-node")]
internal sealed class PresentNode : Grain, INodeGrain
{
    /// <inheritdoc/>
    public Task<NodeReport> GetReport() => Task.FromResult((NodeReport)Samples.Of(typeof(NodeReport)));

    /// <inheritdoc/>
    public Task<LinkSpeed> Probe(string? endPoint) => Task.FromResult(LinkSpeed.Failed("not asked for"));
}
