using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Recovery;

/// <summary>
/// Shards on nodes that no plan names any more: their memory stays promised, and they are asked to stop, until they are gone.
/// </summary>
internal sealed class OrphanCollector(GridStore store)
{
    // Above the sequence of every directive: what is an orphan is not needed again.
    private const long LastSequence = long.MaxValue;

    private readonly Dictionary<string, List<Reservation>> _orphans = [];
    private readonly Dictionary<Reservation, DateTimeOffset> _notBefore = [];
    private readonly Dictionary<ReplicaId, Dictionary<Reservation, ShardDirective>> _stops = [];

    /// <summary>Whether a node has such shards.</summary>
    public bool HasOrphans(string node) => _orphans.ContainsKey(node);

    /// <summary>
    /// A plan releases a shard: its promise lasts without the plan where the shard may still be on its node, else it ends.
    /// </summary>
    /// <param name="plan">The plan that named it.</param>
    /// <param name="place">The place that the plan releases.</param>
    /// <param name="grace">How much later the shard is asked to stop.</param>
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
        else Stop(promise, plan, place);
    }

    /// <summary>Compares what a node reports with what is planned there.</summary>
    public void Observe(NodeRecord node)
    {
        List<Reservation>? found = null;
        foreach (var status in node.Report!.Shards)
        {
            var promise = new Reservation(node.Name, status.Device, status.Replica, status.Epoch, status.Shard, status.ReservedBytes,
                status.Generation);
            if (IsPlanned(promise)) continue;
            (found ??= []).Add(promise);
            if (store.Gathering || node.Report.Plans.FirstOrDefault(p => p.Epoch == status.Epoch && p.Id == status.Replica) is not { } plan)
                continue;
            if (_notBefore.TryGetValue(promise, out var at) && at > store.Now) continue;
            // The plan may have given the shard to another node since.
            Stop(promise, plan, new ShardPlan(
                status.Shard, node.Name, node.Report.Incarnation, node.Report.SiloAddress, status.Device, status.ReservedBytes,
                Generation: status.Generation));
        }

        if (_orphans.TryGetValue(node.Name, out var before))
            foreach (var promise in before.Where(r => found is null || !found.Contains(r))) Forget(promise);
        foreach (var promise in found ?? []) store.Ledger.Reserve(promise);
        if (found is null) _orphans.Remove(node.Name);
        else _orphans[node.Name] = found;
    }

    /// <summary>A node's process has ended, and every shard on it is lost.</summary>
    public void Release(string node)
    {
        if (!_orphans.Remove(node, out var list)) return;
        foreach (var promise in list) Forget(promise);
    }

    /// <summary>The ledger was made again from the plans, which may name shards again that were orphans.</summary>
    public void Reload()
    {
        foreach (var promise in _orphans.Values.SelectMany(list => list))
        {
            store.Ledger.Reserve(promise);
            if (IsPlanned(promise)) EndStop(promise);
        }
    }

    /// <summary>Orphans of a replica that are to stop.</summary>
    public IEnumerable<ShardDirective> StopsOf(ReplicaId replica) => _stops.TryGetValue(replica, out var stops) ? stops.Values : [];

    private void Stop(Reservation promise, ReplicaPlan plan, ShardPlan place)
    {
        if (!_stops.TryGetValue(plan.Id, out var stops)) _stops.Add(plan.Id, stops = []);
        if (stops.TryAdd(promise,
            new ShardDirective(plan with { Shards = [place] }, place.Shard, ReplicaTarget.Stop, store.Now, LastSequence)))
            store.Deliver(plan.Id);
    }

    private void EndStop(Reservation promise)
    {
        if (!_stops.TryGetValue(promise.Replica, out var stops)) return;
        stops.Remove(promise);
        if (stops.Count == 0) _stops.Remove(promise.Replica);
    }

    private void Forget(Reservation promise)
    {
        _notBefore.Remove(promise);
        EndStop(promise);
        if (!IsPlanned(promise)) store.Ledger.Release(promise);
    }

    private bool IsPlanned(Reservation promise)
    {
        if (!store.Plans.TryGetValue(promise.Epoch, out var record)) return false;
        foreach (var place in record.Places())
            if (place.Shard == promise.Shard && place.Node == promise.Node && place.Generation == promise.Generation) return true;
        return false;
    }
}
