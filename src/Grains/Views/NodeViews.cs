using Grid.Abstractions.Admin;
using Grid.Abstractions.Events;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Operations;
using Grid.Abstractions.Replicas;
using Grid.Grains.Draining;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Views;

/// <summary>Nodes as operators see them.</summary>
internal static class NodeViews
{
    /// <summary>One node.</summary>
    public static NodeView Of(GridStore store, NodeDrains drains, NodeRecord node)
    {
        var drain = store.Operations.LastOrDefault(o => o.Kind == OperationKind.Drain && o.Target == node.Name);
        var cordon = store.Cordons.GetValueOrDefault(node.Name);
        if (drain is { IsOpen: false } && cordon is not { Drained: true }) drain = null;
        var state = StateOf(node, drain, cordon is { Drained: true } && drains.IsEmpty(node));
        var facts = node.Report!.Facts;
        return new NodeView(
            node.Name, state, Reason(node, state, cordon), Message(store, node, state, drain), cordon is not null, facts.Roles,
            facts.Address, facts.Pid, facts.Version, facts.Wire, facts.Labels,
            [.. facts.Devices.Select(
                d => new DeviceView(d.Id, d.Id.Kind, d.MemoryBytes, node.IsLive ? store.Ledger.Reserved(node.Name, d.Id) : 0))
                .OrderBy(d => d.Id.ToString(), StringComparer.Ordinal)],
            node.IsLive ? Shards(store, node) : [], node.IsLive ? node.Streams : 0,
            drain is null
                ? null
                : new DrainView(drain.Id, drain.State.ToString(), node.Streams, Shards(store, node).Length, drains.DeadlineOf(drain)),
            facts.JoinedAt, node.LastSeen, facts.DataPlane is { Length: > 0 } dataPlane ? dataPlane : null);
    }

    private static NodeState StateOf(NodeRecord node, OperationRecord? drain, bool drained) =>
        node.Membership == NodeMembership.Dead ? NodeState.Dead
        : node.Membership == NodeMembership.Left ? NodeState.Left
        : node.Late ? NodeState.NotReady
        : drain is { IsOpen: true } ? NodeState.Draining
        : drained ? NodeState.Drained
        : NodeState.Ready;

    private static string? Reason(NodeRecord node, NodeState state, CordonRecord? cordon) => state switch
    {
        NodeState.Dead => EventReasons.DeclaredDead,
        NodeState.NotReady => EventReasons.ReportsLate,
        NodeState.Draining when node.Report!.Leaving => EventReasons.Leaving,
        NodeState.Ready when cordon is not null => EventReasons.Cordoned,
        _ => null,
    };

    private static string? Message(GridStore store, NodeRecord node, NodeState state, OperationRecord? drain) => state switch
    {
        NodeState.NotReady or NodeState.Dead => $"last report {(store.Now - node.LastSeen).TotalSeconds:0.#} s ago",
        NodeState.Draining when drain!.TurnAt is null => $"{drain.Id} waits for another drain",
        NodeState.Draining or NodeState.Drained => drain?.Message,
        _ => Differing(store, node),
    };

    // A node whose files differ is no candidate for that model: say which.
    private static string? Differing(GridStore store, NodeRecord node)
    {
        foreach (var model in store.Models.Values)
            if (model is { Spec: { } spec, Files.Checksum: { } wanted } && node.Files(spec.Source) is { } files
                && (files.Error is not null || files.Checksum != wanted))
                return files.Error ?? $"{spec.Source}: files are {files.Checksum ?? "missing"} here and {wanted} elsewhere";
        return null;
    }

    private static ShardView[] Shards(GridStore store, NodeRecord node)
    {
        var shards = new SortedDictionary<(string, long), ShardView>();
        foreach (var s in node.Report!.Shards)
        {
            var id = s.Replica.Shard(s.Shard);
            shards[(id.ToString(), s.Epoch)] = new ShardView(id, s.Epoch, s.State.ToString(), s.Device, s.ReservedBytes);
        }

        foreach (var epoch in store.PlansOn(node.Name))
        {
            var plan = store.Plans[epoch].Plan;
            foreach (var s in plan.Shards.Where(s => s.Node == node.Name))
            {
                var id = plan.Id.Shard(s.Shard);
                shards.TryAdd((id.ToString(), epoch), new ShardView(id, epoch, nameof(ShardState.Loading), s.Device, s.ReservedBytes));
            }
        }

        return [.. shards.Values];
    }
}
