using Grid.Abstractions.Replicas;
using Grid.Grains.Control;
using Grid.Grains.Store;

namespace Grid.Grains.Recovery;

/// <summary>Shards on nodes that no plan knows any more: they keep their memory promised until they are gone, and are told to stop until then.</summary>
internal sealed class OrphanCollector(GridStore store)
{
    private readonly Dictionary<string, List<Reservation>> _orphans = [];
    private readonly Dictionary<Reservation, DateTimeOffset> _notBefore = [];
    private readonly List<GridDecision> _due = [];

    /// <summary>Whether a node has such shards.</summary>
    public bool HasOrphans(string node) => _orphans.ContainsKey(node);

    /// <summary>A plan lets go of a shard: its promise goes on without the plan where the shard may still be on its node, else it ends.</summary>
    /// <param name="plan">As it was.</param>
    /// <param name="place">What it lets go of.</param>
    /// <param name="grace">The shard is told to stop so much later.</param>
    public void Keep(ReplicaPlan plan, ShardPlan place, TimeSpan grace = default)
    {
        var promise = GridStore.ReservationOf(plan, place);
        if (!store.Nodes.TryGetValue(place.Node, out var node) || !node.IsLive || node.Report!.Incarnation != place.Incarnation)
        {
            store.Ledger.Release(promise);
            return;
        }

        if (!_orphans.TryGetValue(place.Node, out var list)) _orphans.Add(place.Node, list = []);
        if (!list.Contains(promise)) list.Add(promise);
        if (grace > TimeSpan.Zero) _notBefore[promise] = store.Now + grace;
        else _due.Add(Stop(plan, place));
    }

    /// <summary>Compares what a node reports with what is planned there.</summary>
    public void Observe(NodeRecord node)
    {
        List<Reservation>? found = null;
        foreach (var status in node.Report!.Shards)
        {
            var promise = new Reservation(node.Name, status.Device, status.Replica, status.Epoch, status.Shard, status.ReservedBytes, status.Generation);
            if (IsPlanned(promise)) continue;
            (found ??= []).Add(promise);
            if (store.Gathering || node.Report.Plans.FirstOrDefault(p => p.Epoch == status.Epoch && p.Id == status.Replica) is not { } plan) continue;
            if (_notBefore.TryGetValue(promise, out var at) && at > store.Now) continue;
            // The plan may have given the shard to another node since.
            var place = new ShardPlan(status.Shard, node.Name, node.Report.Incarnation, node.Report.SiloAddress, status.Device, status.ReservedBytes, Generation: status.Generation);
            _due.Add(Stop(plan, place));
        }

        if (_orphans.TryGetValue(node.Name, out var before))
            foreach (var promise in before.Where(r => found is null || !found.Contains(r))) Forget(promise);
        foreach (var promise in found ?? []) store.Ledger.Reserve(promise);
        if (found is null) _orphans.Remove(node.Name);
        else _orphans[node.Name] = found;
    }

    /// <summary>A node's process is gone, and every shard on it.</summary>
    public void Release(string node)
    {
        if (!_orphans.Remove(node, out var list)) return;
        foreach (var promise in list) Forget(promise);
    }

    /// <summary>The ledger was made anew from the plans.</summary>
    public void Reload()
    {
        foreach (var promise in _orphans.Values.SelectMany(list => list)) store.Ledger.Reserve(promise);
    }

    /// <summary>Stops that are due.</summary>
    public void Send(List<GridDecision> decisions)
    {
        decisions.AddRange(_due);
        _due.Clear();
    }

    private void Forget(Reservation promise)
    {
        _notBefore.Remove(promise);
        if (!IsPlanned(promise)) store.Ledger.Release(promise);
    }

    private bool IsPlanned(Reservation promise)
    {
        if (!store.State.Plans.TryGetValue(promise.Epoch, out var record)) return false;
        foreach (var place in record.Places())
            if (place.Shard == promise.Shard && place.Node == promise.Node && place.Generation == promise.Generation) return true;
        return false;
    }

    private GridDecision.DirectShard Stop(ReplicaPlan plan, ShardPlan place) =>
        new(place.Node, new ShardDirective(plan with { Shards = [place] }, place.Shard, ReplicaTarget.Stop, store.Now, long.MaxValue));
}
