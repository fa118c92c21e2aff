using System.Globalization;
using System.Text;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Placement;

/// <summary>
/// Remembers for which replicas no layout was found: planning is expensive, a replica without a place asks with every event, and the answer
/// is
/// the same until something changes.
/// </summary>
internal sealed class PlacementMemory
{
    private readonly Dictionary<string, (ModelSpec Spec, ModelFiles? Files, string Nodes, PlacementResult Result)> _failures = [];

    /// <summary>As <see cref="Placer.Place"/>.</summary>
    public PlacementResult Place(PlacementRequest request, IReadOnlyList<NodeRecord> nodes, Ledger ledger)
    {
        if (request.Shape is not null || request.Model.Profile is null) return Placer.Place(request, nodes, ledger);
        var inputs = Describe(request, nodes, ledger);
        if (_failures.TryGetValue(request.Replica, out var known) && ReferenceEquals(known.Spec, request.Model.Spec)
            && known.Files == request.Model.Files && known.Nodes == inputs) return known.Result;
        var found = Placer.Place(request, nodes, ledger);
        if (found.Shards is null) _failures[request.Replica] = (request.Model.Spec, request.Model.Files, inputs, found);
        else _failures.Remove(request.Replica);
        return found;
    }

    // All facts of the nodes that the answer depends on.
    private static string Describe(PlacementRequest request, IReadOnlyList<NodeRecord> nodes, Ledger ledger)
    {
        var text = new StringBuilder();
        foreach (var node in nodes)
        {
            text.Append(node.Name).Append(' ').Append(Placer.WhyNot(request, node)).Append(request.Avoid.Contains(node.Name) ? '!' : ' ');
            foreach (var device in node.Report?.Facts.Devices ?? [])
                text.Append(CultureInfo.InvariantCulture,
                    $"{device.Id} {device.Speed} {device.MemoryBytes} {ledger.Reserved(node.Name, device.Id)} ");
        }

        return text.ToString();
    }
}
