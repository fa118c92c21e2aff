using Grid.Abstractions.Grains;
using Grid.Abstractions.Nodes;
using Microsoft.Extensions.Options;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Grid.Grains.Placement;

/// <summary>
/// Finds the silo of the node that a key names. A silo has its node's name; of two with the same name the younger one counts.
/// </summary>
internal sealed class NodePlacementDirector(ISiloStatusOracle silos, ISiloMetadataCache metadata, IOptions<NodePlacementOptions> options)
    : IPlacementDirector
{
    /// <exception cref="NodeUnavailableException">The node is no active member, or has another wire contract.</exception>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString()!;
        var node = GrainKeys.NodeOf(key);
        SiloAddress? found = null;
        foreach (var silo in context.GetCompatibleSilos(target))
            if (NameOf(silo) == node && (found is null || silo.Generation > found.Generation)) found = silo;
        if (found is null)
            throw new NodeUnavailableException(
                $"{key} belongs on node {node}, which is no active silo. Active: "
                + $"{string.Join(", ", silos.GetActiveSilos().Select(NameOf).Order(StringComparer.Ordinal))}.");
        if (WireOf(found) is { } wire && !WireContract.Compatible(wire, options.Value.Wire))
            throw new NodeUnavailableException(
                $"{key} belongs on node {node}, which speaks wire contract {wire}, and this node {options.Value.Wire}. Bring both to "
                + "versions at most one MINOR apart.");
        return Task.FromResult(found);
    }

    private string NameOf(SiloAddress silo) => silos.TryGetSiloName(silo, out var name) ? name : "";

    // Metadata comes a moment after membership; joining has checked the version before.
    private string? WireOf(SiloAddress silo) => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(NodePlacementOptions.WireKey);
}
