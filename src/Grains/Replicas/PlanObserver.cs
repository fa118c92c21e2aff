using Grid.Abstractions.Events;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Grains.Recovery;
using Grid.Grains.Store;

namespace Grid.Grains.Replicas;

/// <summary>Derives the state of plans from the reports of their shards.</summary>
internal sealed class PlanObserver(GridStore store, FailureHandler failures)
{
    /// <summary>Observes the plans of which a node holds shards, by its report.</summary>
    public void Observe(NodeRecord node)
    {
        foreach (var epoch in store.PlansOn(node.Name)) Observe(epoch);
        foreach (var epoch in store.PlansOn(node.Name))
            store.Progress[epoch].KeepEarlyLosses(node.Name, node.Report!.Lost ?? []);
        foreach (var loss in node.Report!.Lost ?? []) Observe(node, loss);
        foreach (var rank in node.Report.Ranks) Observe(rank);
    }

    /// <summary>Observes a plan by the reports of all its nodes.</summary>
    public void Observe(long epoch)
    {
        if (!store.Plans.TryGetValue(epoch, out var record) || record.Abandoned) return;
        var progress = store.Progress[epoch];
        if (record.Plan.Shards.FirstOrDefault(s => !s.Shard.IsExpert && !MayLive(s)) is { } dead
            && !Enumerable.Range(0, record.Plan.Layout.Data).Any(rank => failures.Serves(record, rank)))
        {
            // Giving it up was not stored and is tried again; until then nothing may rely on it.
            store.Observe(record, ReplicaState.Placing, EventReasons.NodeDead, $"{dead.Node} is gone");
            return;
        }

        record = Failures(record);
        if (record.Abandoned) return;
        var plan = record.Plan;
        var observed = Observed(plan);
        foreach (var status in observed) progress.See(status, store.Now);

        var (state, reason, message) = ReplicaHealth.Of(plan, record.Target, observed, record.Served);
        foreach (var rank in observed.GroupBy(status => status.Shard.Rank))
            if (rank.Key is { } number && rank.All(status => status.State == ShardState.Ready)
                && rank.Count() == plan.Layout.Tensor * plan.Layout.Pipeline) store.JoinRank(record, number);
        var experts = plan.Shards.Count(
            s => s.Shard.IsExpert && MayLive(s)
            && Reports.Shard(store, plan, s) is { State: ShardState.Ready or ShardState.Draining });
        var whole = record.Next is null && ShardRepair.IsFilled(plan) && observed.Length == plan.Shards.Length
            && observed.All(status => status.State == ShardState.Ready);
        store.ObserveShards(record, whole, stalled: experts < plan.Layout.Expert);
        if (state == ReplicaState.Ready && progress.State != state && record.Target == ReplicaTarget.Serve)
        {
            store.Log.Normal(EventReasons.ReplicaReady, $"replica/{plan.Id}",
                $"epoch {epoch} on {string.Join(", ", plan.Shards.Select(s => s.Node).Distinct())}");
            store.SetFailure(store.AddModel(plan.Model), plan.Index, null);
            store.Serve(record);
        }

        store.Observe(record, state, reason, message);
    }

    // A shard that reports a failure, and one that its node reported before and does not report any more.
    private PlanRecord Failures(PlanRecord record)
    {
        if (record.Target == ReplicaTarget.Stop) return record;
        var progress = store.Progress[record.Plan.Epoch];
        foreach (var place in record.Places().ToArray())
        {
            var status = Reports.Shard(store, record.Plan, place);
            if (status is { State: ShardState.Failed } && (record.Target == ReplicaTarget.Serve || place.Shard.IsExpert))
                record = failures.Lose(record, s => s == place, status.Reason ?? EventReasons.ShardFailed,
                    $"{record.Plan.Id}/{place.Shard}: {status.Message ?? "no message"}", failed: true);
            else if (status is null && progress.HasSeen(place) && store.Nodes.ContainsKey(place.Node))
                record = failures.Lose(record, s => s == place, EventReasons.ShardLost,
                    $"{record.Plan.Id}/{place.Shard} is not on {place.Node} any more", failed: true);
            if (record.Abandoned) return record;
        }

        return record;
    }

    // A shard that hangs is reported long before its node is declared dead.
    private void Observe(RankStatus rank)
    {
        if (!store.Progress.TryGetValue(rank.Epoch, out var progress) || store.Plans[rank.Epoch].Plan.Id != rank.Replica) return;
        if (progress.SetWait(rank.Rank, rank.Waits))
            store.Log.Warn(EventReasons.RankStalled, $"replica/{rank.Replica}", $"{RankId.ShortName(rank.Rank)}: {rank.Waits}");
    }

    // Ranks on a node cannot reach an expert: that is noticed seconds before its node is declared dead.
    private void Observe(NodeRecord node, ShardLoss loss)
    {
        if (!store.Plans.TryGetValue(loss.Epoch, out var record) || record.Plan.Id != loss.Replica) return;
        if (record.Abandoned || !record.Plan.Shards.Any(place => place.Node == node.Name && place.Incarnation == node.Report!.Incarnation))
            return;
        if (record.Plan.Shards.FirstOrDefault(place => place.Shard == loss.Shard && place.Generation == loss.Generation) is not { } lost)
            return;
        // While it loads it cannot be reached, and a loss that was reported then means nothing later either.
        var progress = store.Progress[loss.Epoch];
        if (Reports.Shard(store, record.Plan, lost) is not { State: ShardState.Ready or ShardState.Draining })
            progress.AddEarlyLoss(node.Name, loss);
        else if (!progress.IsEarlyLoss(node.Name, loss))
            failures.Lose(record, place => place == lost, EventReasons.ExpertUnreachable, $"{node.Name} cannot reach it: {loss.Message}",
                failed: true);
    }

    private ShardStatus[] Observed(ReplicaPlan plan)
    {
        var found = new List<ShardStatus>(plan.Shards.Length);
        foreach (var shard in plan.Shards)
            if (Reports.Shard(store, plan, shard) is { } status) found.Add(status);
        return [.. found];
    }

    private bool MayLive(ShardPlan place) => !store.Nodes.TryGetValue(place.Node, out var node) || node.IsLive;
}
