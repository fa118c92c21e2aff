using Grid.Abstractions.Nodes;
using Grid.Grains.Replicas;
using Grid.Grains.Store;

namespace Grid.Grains.Nodes;

/// <summary>Nodes: their reports, lateness, and what membership says.</summary>
internal sealed class NodeController(GridStore store, ReplicaController plans, long loadedEpoch)
{
    private long _membershipVersion = -1;
    private MemberSilo[]? _members;

    /// <summary>
    /// All members with a silo have reported; false while no membership is known, and where a node knows epochs that the store does not:
    /// it was lost, and so was the membership in it, which silos fill again one by one.
    /// </summary>
    public bool AllReported => _members is { } members && store.Nodes.Values.All(node => node.Report is null || node.Report.MaxEpoch <= loadedEpoch) &&
        members.All(m => !m.Alive || (store.Nodes.TryGetValue(m.Node, out var node) && node.Report?.SiloAddress == m.SiloAddress));

    /// <summary>Takes a report in.</summary>
    /// <returns>Whether it said anything but load.</returns>
    public bool Report(NodeReport report)
    {
        if (!store.Nodes.TryGetValue(report.Name, out var node)) store.Nodes.Add(report.Name, node = new NodeRecord(report.Name));
        if (store.Rules.IsLate(node, report)) return false;
        var before = node.Report;
        var wasLate = node.Late;
        node.Accept(report, store.Now);
        if (node.Membership == NodeMembership.Unknown) node.Membership = MembershipOf(node);
        if (before?.Incarnation != report.Incarnation) Joined(node, before);
        else if (before.SiloAddress != report.SiloAddress) plans.Readdress(node);
        if (before?.Leaving != report.Leaving && report.Leaving) store.Log.Normal(store.Now, "NodeLeaving", $"node/{node.Name}", $"told to stop{(report.LeaveBy is { } by ? $", leaves by {by.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "")}");
        if (wasLate) store.Log.Normal(store.Now, "NodeReady", $"node/{node.Name}", "reports again");
        if (before is null || !SameFiles(before.Files, report.Files)) store.FilesChanged = true;
        Close(node);
        var told = before is null || before.SiloAddress != report.SiloAddress || wasLate || before.Leaving != report.Leaving || !SameShards(before, report) || report.Lost is { Length: > 0 } || before.Lost is { Length: > 0 };
        if (told || plans.HasOrphans(node.Name)) plans.Observe(node);
        return told;
    }

    /// <summary>Takes the membership in.</summary>
    public bool Read(long version, MemberSilo[] members)
    {
        if (version < _membershipVersion) return false;
        _membershipVersion = version;
        _members = members;
        foreach (var node in store.Nodes.Values) Judge(node);
        return true;
    }

    /// <summary>Finds late nodes and forgets those that went long ago.</summary>
    public void Tick()
    {
        foreach (var node in store.Nodes.Values.ToArray())
        {
            if (!node.IsLive)
            {
                if (store.Now - node.LastSeen > GridTimes.NodeForgotten && !store.State.Cordons.ContainsKey(node.Name) && store.PlansOn(node.Name).Length == 0) store.Nodes.Remove(node.Name);
                continue;
            }

            if (node.Late || store.Now - node.LastSeen <= GridTimes.ReportLate) continue;
            node.Late = true;
            store.Log.Warn(store.Now, "NodeNotReady", $"node/{node.Name}", $"no report for {(store.Now - node.LastSeen).TotalSeconds:0.#} s");
            Close(node);
        }
    }

    /// <summary>Decides anew whether a node takes shards.</summary>
    public void Close(NodeRecord node) => node.Closed =
        node.Report is not { } report ? "not reported yet"
        : !report.Facts.Roles.Contains("silo") ? "without a silo"
        : node.Late ? "not ready"
        : report.Leaving ? "leaving"
        : store.State.Cordons.ContainsKey(node.Name) ? "cordoned"
        : null;

    /// <summary>Whether a silo is known to be gone, as far as membership can tell of a node that never reported.</summary>
    public bool IsGone(string siloAddress) => _members is { } members && !members.Any(m => m.Alive && m.SiloAddress == siloAddress);

    private void Joined(NodeRecord node, NodeReport? before)
    {
        store.Log.Normal(store.Now, "NodeJoined", $"node/{node.Name}",
            $"version {node.Report!.Facts.Version}, wire {node.Report.Facts.Wire}, devices {string.Join(", ", node.Report.Facts.Devices.Select(d => d.Id))}");
        if (before is not null) plans.Lose(node.Name, before.Incarnation, "NodeRestarted", $"{node.Name} was started anew");
        foreach (var model in store.Models.Values) model.Dirty |= model.Unplaced;
    }

    private void Judge(NodeRecord node)
    {
        if (node.Report is not { } report || node.Membership is NodeMembership.Dead or NodeMembership.Left) return;
        var now = MembershipOf(node);
        if (now == NodeMembership.Unknown && node.Membership == NodeMembership.Alive) now = report.Leaving ? NodeMembership.Left : NodeMembership.Dead;
        if (now == node.Membership) return;
        node.Membership = now;
        if (now == NodeMembership.Dead) store.Log.Warn(store.Now, "NodeDead", $"node/{node.Name}", $"declared dead; last report {(store.Now - node.LastSeen).TotalSeconds:0.#} s ago");
        if (now == NodeMembership.Left) store.Log.Normal(store.Now, "NodeLeft", $"node/{node.Name}", "left in order");
        if (now is NodeMembership.Dead or NodeMembership.Left) plans.Lose(node.Name, report.Incarnation, now == NodeMembership.Dead ? "NodeDead" : "NodeLeft", $"{node.Name} is gone");
    }

    private NodeMembership MembershipOf(NodeRecord node)
    {
        foreach (var member in _members ?? [])
            if (member.SiloAddress == node.Report!.SiloAddress)
                return member.Alive ? NodeMembership.Alive : node.Report.Leaving ? NodeMembership.Left : NodeMembership.Dead;
        return NodeMembership.Unknown;
    }

    private static bool SameShards(NodeReport left, NodeReport right)
    {
        if (left.Shards.Length != right.Shards.Length || left.Ranks.Length != right.Ranks.Length) return false;
        for (var i = 0; i < left.Shards.Length; i++)
        {
            var (a, b) = (left.Shards[i], right.Shards[i]);
            if (a.State != b.State || a.Epoch != b.Epoch || a.Generation != b.Generation || a.Shard != b.Shard || a.Replica != b.Replica) return false;
        }

        for (var i = 0; i < left.Ranks.Length; i++)
        {
            var (a, b) = (left.Ranks[i], right.Ranks[i]);
            if (a.State != b.State || a.Stuck != b.Stuck || a.Waits != b.Waits || a.Epoch != b.Epoch || a.Rank != b.Rank || a.Replica != b.Replica) return false;
            if (a.State != ShardStateReady && a.Streams != b.Streams) return false;
        }

        return true;
    }

    private const Abstractions.Replicas.ShardState ShardStateReady = Abstractions.Replicas.ShardState.Ready;

    private static bool SameFiles(ModelFiles[] left, ModelFiles[] right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
            if (left[i].Checksum != right[i].Checksum || left[i].Source != right[i].Source || left[i].Error != right[i].Error || left[i].Profile != right[i].Profile) return false;
        return true;
    }
}
