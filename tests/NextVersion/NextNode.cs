using System.Globalization;
using Grid.Abstractions.Nodes;

namespace Grid.NextVersion;

/// <summary>A node of the next version.</summary>
[GrainType("next-node")]
internal sealed class NextNode : Grain, INodeGrain
{
    private NodeReport? _seen;

    /// <inheritdoc/>
    public Task<NodeHealth> GetHealth() => Task.FromResult(new NodeHealth(40, "cool"));

    /// <summary>The report of the node that was probed, with what this version knows besides.</summary>
    public async Task<NodeReport> GetReport() => _seen! with { Health = await GetHealth() };

    /// <summary>Asks a node of the present version for its report, and for what only this version knows.</summary>
    public async Task<LinkSpeed> Probe(string? endPoint)
    {
        var other = GrainFactory.GetGrain(GrainId.Create("present-node", endPoint!)).AsReference<INodeGrain>();
        _seen = await other.GetReport();
        var found = string.Create(CultureInfo.InvariantCulture,
            $"{_seen.Name}: {_seen.Shards.Length} shards, health {_seen.Health?.Words ?? "not given"}");
        try
        {
            return new LinkSpeed(found, (await other.GetHealth()).Degrees, null, null);
        }
        catch (TypeLoadException)
        {
            return new LinkSpeed(found, null, null, "GetHealth is not known there.");
        }
    }
}
