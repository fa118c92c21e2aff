using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Grains.Recovery;
using Grid.Grains.Store;

namespace Grid.Grains.Replicas;

/// <summary>What is lost of replicas, and what is sent to their grains.</summary>
internal sealed class ReplicaController(
    GridStore store, PlanObserver observer, FailureHandler failures, OrphanCollector orphans, StateRecovery recovery)
{
    private const int MostHandOverRanks = 16;

    /// <summary>Whether a node reported shards that are in no plan.</summary>
    public bool HasOrphans(string node) => orphans.HasOrphans(node);

    /// <summary>Observes shards by a node's report.</summary>
    public void Observe(NodeRecord node)
    {
        recovery.Observe(node);
        observer.Observe(node);
        orphans.Observe(node);
        // A shard that its node has unloaded is asked once more: the answer confirms that nothing can bring it back.
        foreach (var epoch in store.PlansOn(node.Name))
        {
            var record = store.Plans[epoch];
            if (IsStopping(record) && store.Deliveries[record.Plan.Id] is { Acknowledged: true } delivery && HasUnloaded(record, node.Name))
                delivery.Repeat();
        }
    }

    /// <summary>Promises to orphans are made again after the state was loaded.</summary>
    public void Reload()
    {
        orphans.Reload();
        foreach (var epoch in store.Plans.Keys.Order().ToArray()) observer.Observe(epoch);
    }

    /// <summary>A replica has answered.</summary>
    /// <returns>Whether the answer brought anything new.</returns>
    public bool Answered(ReplicaStatus status)
    {
        if (!store.Deliveries.TryGetValue(status.Replica, out var delivery)) return false;
        delivery.Answered(status);
        var changed = false;
        foreach (var stopped in status.Stopped) changed |= Remove(status.Replica, stopped);
        if (status.Reason is null || status.Sequence != delivery.Sequence) return changed;
        if (store.Current(status.Replica.Model, status.Replica.Index) is not { } record) return changed;
        store.Explain(record, status.Reason, status.Message);
        return true;
    }

    /// <summary>A node's process has ended, and every shard on it is lost.</summary>
    public void Lose(string node, string incarnation, string reason, string message)
    {
        orphans.Release(node);
        foreach (var epoch in store.PlansOn(node))
            Lose(store.Plans[epoch], shard => shard.Node == node && shard.Incarnation == incarnation, reason, message);
    }

    /// <summary>Shards of a plan were lost with their nodes.</summary>
    public void Lose(PlanRecord record, Func<ShardPlan, bool> gone, string reason, string message)
    {
        record = failures.Lose(record, gone, reason, message, failed: false);
        if (record.Places().Any(gone)) store.RemoveShards(record, gone);
    }

    /// <summary>A node's silo has another address, its process and shards are the same.</summary>
    public void Readdress(NodeRecord node)
    {
        ShardPlan Changed(ShardPlan place) => place.Node == node.Name && place.Incarnation == node.Report!.Incarnation
            ? place with { SiloAddress = node.Report.SiloAddress }
            : place;
        foreach (var epoch in store.PlansOn(node.Name)) store.Readdress(epoch, Changed);
    }

    /// <summary>Directives that are due.</summary>
    public IReadOnlyList<ReplicaDirective> Directives()
    {
        var due = new List<ReplicaDirective>();
        foreach (var (replica, delivery) in store.Deliveries.Where(pair => pair.Value.Due).ToArray())
        {
            delivery.Sent(store.Now);
            var directive = Directive(replica, delivery.Sequence);
            if (directive.Plan is not null || directive.Others.Length > 0) due.Add(directive);
            else if (!PlansOf(replica).Any()) store.EndDelivery(replica);
        }

        return due;
    }

    /// <summary>Sends directives again that not every shard has acknowledged.</summary>
    public void Tick()
    {
        // A change of the plan itself may end what no report speaks of.
        foreach (var record in store.Elastic)
            if (!store.Progress[record.Plan.Epoch].Whole) observer.Observe(record.Plan.Epoch);
        foreach (var (replica, delivery) in store.Deliveries)
            if (!delivery.Due && store.Now - delivery.SentAt >= GridTimes.ResendInterval
                && (!delivery.Acknowledged || PlansOf(replica).Any(HasUnloaded))) delivery.Repeat();
    }

    private IEnumerable<PlanRecord> PlansOf(ReplicaId replica) =>
        store.PlansOf(replica.Model).Select(pair => pair.Value).Where(record => record.Plan.Index == replica.Index);

    private static bool IsStopping(PlanRecord record) => record.Abandoned || record.Target == ReplicaTarget.Stop;

    private bool HasUnloaded(PlanRecord record) => IsStopping(record) && record.Plan.Shards.Any(place => HasUnloaded(record, place.Node));

    private bool HasUnloaded(PlanRecord record, string node) =>
        record.Plan.Shards.Any(place => place.Node == node && Reports.Shard(store, record.Plan, place) is null);

    private ReplicaDirective Directive(ReplicaId replica, long sequence)
    {
        PlanRecord? current = null;
        var others = new List<ShardDirective>();
        foreach (var record in PlansOf(replica))
        {
            if (!record.Abandoned) current = record;
            else foreach (var shard in record.Plan.Shards)
                others.Add(new ShardDirective(record.Plan, shard.Shard, ReplicaTarget.Stop, record.HandOverAt, record.Sequence));
        }

        others.AddRange(orphans.StopsOf(replica));
        // A copy that is loaded before it replaces another is in no plan yet.
        foreach (var next in current?.Next ?? [])
            others.Add(new ShardDirective(
                current!.Plan with { Shards = [.. current.Plan.Shards.Where(place => place.Shard != next.Shard), next] },
                next.Shard, ReplicaTarget.Serve, null, current.Sequence));
        // No node follows a plan that lacks an expert: their shards stay as they are until there is a place.
        var plan = current is { } c && (c.Target == ReplicaTarget.Stop || ShardRepair.HasExperts(c.Plan)) ? c.Plan : null;
        var handOverTo = plan is not null && current is { Target: ReplicaTarget.Drain, HandOverAt: not null }
            ? HandOverRanks(current)
            : null;
        return new ReplicaDirective(
            replica, sequence, plan, current?.Target ?? ReplicaTarget.Stop, current?.HandOverAt, current?.Sequence ?? 0, [.. others],
            handOverTo);
    }

    private HandOverRank[]? HandOverRanks(PlanRecord leaving)
    {
        var ranks = new List<HandOverRank>();
        foreach (var (epoch, record) in store.PlansOf(leaving.Plan.Model))
        {
            if (epoch == leaving.Plan.Epoch || !Reports.IsAvailable(store, record)) continue;
            foreach (var place in record.Plan.Shards)
                if (place.Shard.DrivenRank is { } number && ranks.Count < MostHandOverRanks)
                    ranks.Add(new HandOverRank(record.Plan.Id.Rank(number), epoch, place.Node));
        }

        return ranks.Count == 0 ? null : [.. ranks];
    }

    private bool Remove(ReplicaId replica, ShardInstance stopped)
    {
        bool Is(ShardPlan place) => place.Node == stopped.Node && place.Shard == stopped.Shard && place.Generation == stopped.Generation;
        if (!store.Plans.TryGetValue(stopped.Epoch, out var record) || record.Plan.Id != replica || !IsStopping(record)) return false;
        if (!record.Plan.Shards.Any(Is)) return false;
        store.RemoveShards(failures.Withdraw(record, record.Next ?? []), Is);
        return true;
    }
}
