using Grid.Abstractions.Events;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Grains.Replicas;
using Grid.Grains.Store;

namespace Grid.Grains.Nodes;

/// <summary>Nodes: their reports, lateness, and what membership says.</summary>
internal sealed class NodeController(GridStore store, ReplicaController replicas, long loadedEpoch)
{
    private long _membershipVersion = -1;
    private MemberSilo[]? _members;

    /// <summary>
    /// All members with a silo have reported; false while no membership is known, and where a node knows epochs that the store does not:
    /// it was lost, and so was the membership in it, which silos fill again one by one.
    /// </summary>
    public bool AllReported =>
        _members is { } members && store.Nodes.Values.All(node => node.Report is null || node.Report.MaxEpoch <= loadedEpoch) &&
        members.All(m => !m.Alive || (store.Nodes.TryGetValue(m.Node, out var node) && node.Report?.SiloAddress == m.SiloAddress));

    /// <summary>Accepts a report.</summary>
    /// <returns>Whether it said anything but load.</returns>
    public bool Report(NodeReport report)
    {
        var node = store.AddNode(report.Name);
        if (store.Rules.IsLate(node, report)) return false;
        var before = node.Report;
        var wasLate = node.Late;
        store.AcceptReport(node, report);
        if (node.Membership == NodeMembership.Unknown) store.SetMembership(node, MembershipOf(node));
        if (before?.Incarnation != report.Incarnation) Joined(node, before);
        else if (before.SiloAddress != report.SiloAddress) replicas.Readdress(node);
        if (before?.Leaving != report.Leaving && report.Leaving)
            store.Log.Normal(EventReasons.NodeLeaving, $"node/{node.Name}",
                $"shutting down{(report.LeaveBy is { } by ? $", leaving by {by.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "")}");
        if (wasLate) store.Log.Normal(EventReasons.NodeReady, $"node/{node.Name}", "reports again");
        var news = before is null || before.SiloAddress != report.SiloAddress || wasLate || before.Leaving != report.Leaving
            || !SameShards(before, report) || report.Lost is { Length: > 0 } || before.Lost is { Length: > 0 };
        if (news || replicas.HasOrphans(node.Name)) replicas.Observe(node);
        return news;
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
                if (store.Now - node.LastSeen > GridTimes.NodeRetention && !store.Cordons.ContainsKey(node.Name)
                    && store.PlansOn(node.Name).Length == 0) store.RemoveNode(node.Name);
                continue;
            }

            if (node.Late || store.Now - node.LastSeen <= GridTimes.ReportTimeout) continue;
            store.SetLate(node);
            store.Log.Warn(EventReasons.NodeNotReady, $"node/{node.Name}",
                $"no report for {(store.Now - node.LastSeen).TotalSeconds:0.#} s");
        }
    }

    /// <summary>Looks for plans on nodes that are not there any more.</summary>
    public void Sweep()
    {
        foreach (var epoch in store.Plans.Keys.Order().ToArray())
            if (store.Plans.TryGetValue(epoch, out var record) && record.Places().FirstOrDefault(IsGone) is { } gone)
                replicas.Lose(record, IsGone, EventReasons.NodeDead, $"{gone.Node} is gone");
    }

    private bool IsGone(ShardPlan shard) => store.Nodes.TryGetValue(shard.Node, out var node) && node.Report is { } report
        ? !node.IsLive || report.Incarnation != shard.Incarnation
        : _members is { } members && !members.Any(m => m.Alive && m.SiloAddress == shard.SiloAddress);

    private void Joined(NodeRecord node, NodeReport? before)
    {
        store.Log.Normal(EventReasons.NodeJoined, $"node/{node.Name}",
            $"version {node.Report!.Facts.Version}, wire {node.Report.Facts.Wire}, devices "
            + $"{string.Join(", ", node.Report.Facts.Devices.Select(d => d.Id))}");
        if (before is not null) replicas.Lose(node.Name, before.Incarnation, EventReasons.NodeRestarted, $"{node.Name} restarted");
    }

    private void Judge(NodeRecord node)
    {
        if (node.Report is not { } report || node.Membership is NodeMembership.Dead or NodeMembership.Left) return;
        var now = MembershipOf(node);
        if (now == NodeMembership.Unknown && node.Membership == NodeMembership.Alive)
            now = report.Leaving ? NodeMembership.Left : NodeMembership.Dead;
        if (now == node.Membership) return;
        store.SetMembership(node, now);
        if (now == NodeMembership.Dead)
            store.Log.Warn(EventReasons.NodeDead, $"node/{node.Name}",
                $"declared dead; last report {(store.Now - node.LastSeen).TotalSeconds:0.#} s ago");
        if (now == NodeMembership.Left) store.Log.Normal(EventReasons.NodeLeft, $"node/{node.Name}", "left gracefully");
        if (now is NodeMembership.Dead or NodeMembership.Left)
            replicas.Lose(node.Name, report.Incarnation, now == NodeMembership.Dead ? EventReasons.NodeDead : EventReasons.NodeLeft,
                $"{node.Name} is gone");
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
            if (a.State != b.State || a.Epoch != b.Epoch || a.Generation != b.Generation || a.Shard != b.Shard || a.Replica != b.Replica)
                return false;
        }

        for (var i = 0; i < left.Ranks.Length; i++)
        {
            var (a, b) = (left.Ranks[i], right.Ranks[i]);
            if (a.State != b.State || a.Stuck != b.Stuck || a.Waits != b.Waits || a.Epoch != b.Epoch || a.Rank != b.Rank
                || a.Replica != b.Replica) return false;
            if (a.State != ShardState.Ready && a.Streams != b.Streams) return false;
        }

        return true;
    }
}
