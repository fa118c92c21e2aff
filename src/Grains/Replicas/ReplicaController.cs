using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Grains.Control;
using Grid.Grains.Models;
using Grid.Grains.Nodes;
using Grid.Grains.Recovery;
using Grid.Grains.Store;

namespace Grid.Grains.Replicas;

/// <summary>Plans: what is seen of them, what is lost, and what is to be sent.</summary>
internal sealed class ReplicaController(GridStore store, FailureHandler failures, OrphanCollector orphans, StateRecovery recovery)
{
    /// <summary>Whether a node reported shards that no plan knows.</summary>
    public bool HasOrphans(string node) => orphans.HasOrphans(node);

    /// <summary>Takes in what a node's report says of shards.</summary>
    public void Observe(NodeRecord node)
    {
        recovery.Observe(node);
        foreach (var epoch in store.PlansOn(node.Name)) Observe(epoch);
        foreach (var epoch in store.PlansOn(node.Name)) store.Progress[epoch].EarlyLosses.RemoveWhere(early => early.Node == node.Name && node.Report!.Lost?.Contains(early.Loss) != true);
        foreach (var loss in node.Report!.Lost ?? []) Observe(node, loss);
        foreach (var rank in node.Report.Ranks) Observe(rank);
        orphans.Observe(node);
    }

    /// <summary>Promises to shards that no plan knows are made anew after the state was loaded.</summary>
    public void Reload()
    {
        orphans.Reload();
        foreach (var epoch in store.State.Plans.Keys.Order().ToArray()) Observe(epoch);
    }

    /// <summary>A replica has answered.</summary>
    public bool Answered(ReplicaStatus status)
    {
        if (!store.State.Plans.TryGetValue(status.Epoch, out var record) || record.Abandoned || record.Plan.Id != status.Replica) return false;
        var progress = store.Progress[status.Epoch];
        if (status.Untold == 0) progress.Acknowledged = Math.Max(progress.Acknowledged, status.Sequence);
        if (status.Sequence != record.Sequence) return false;
        if (status.State == ReplicaState.Stopped && record.Target == ReplicaTarget.Stop)
        {
            store.RemoveShards(failures.Withdraw(record, record.Next ?? []), _ => true);
            return true;
        }

        if (status.Reason is null || progress.Reason == status.Reason) return false;
        (progress.Reason, progress.Message) = (status.Reason, status.Message);
        store.Model(record.Plan.Model).Dirty = true;
        return true;
    }

    /// <summary>A shard of an abandoned plan has answered.</summary>
    public bool Answered(string node, ShardDirective sent, ShardStatus? held)
    {
        if (held is not null || sent.Target != ReplicaTarget.Stop) return false;
        if (!store.State.Plans.TryGetValue(sent.Plan.Epoch, out var record) || !record.Abandoned) return false;
        var version = ShardVersion.Of(sent);
        store.RemoveShards(record, shard => shard.Node == node && shard.Shard == sent.Shard && shard.Generation == version.Generation);
        return true;
    }

    /// <summary>A node's process is gone, and every shard on it.</summary>
    public void Lose(string node, string incarnation, string reason, string message)
    {
        orphans.Release(node);
        foreach (var epoch in store.PlansOn(node)) Lose(store.State.Plans[epoch], shard => shard.Node == node && shard.Incarnation == incarnation, reason, message);
    }

    /// <summary>A node's silo has another address, its process and shards are the same.</summary>
    public void Readdress(NodeRecord node)
    {
        ShardPlan Changed(ShardPlan place) => place.Node == node.Name && place.Incarnation == node.Report!.Incarnation ? place with { SiloAddress = node.Report.SiloAddress } : place;
        foreach (var epoch in store.PlansOn(node.Name))
        {
            var record = store.State.Plans[epoch];
            store.State.Plans[epoch] = record with { Plan = record.Plan with { Shards = [.. record.Plan.Shards.Select(Changed)] }, Next = record.Next?.Select(Changed).ToArray() };
            store.Changed = true;
        }
    }

    /// <summary>Looks for plans on nodes that are not there any more, after a start.</summary>
    public void Sweep(NodeController nodes)
    {
        foreach (var epoch in store.State.Plans.Keys.Order().ToArray())
        {
            var record = store.State.Plans[epoch];
            if (record.Places().FirstOrDefault(s => IsGone(s, nodes)) is { } gone) Lose(record, shard => IsGone(shard, nodes), "NodeDead", $"{gone.Node} is gone");
        }
    }

    /// <summary>Directives that are due.</summary>
    public void Send(List<GridDecision> decisions)
    {
        foreach (var (epoch, progress) in store.Progress)
        {
            if (!progress.Due) continue;
            var record = store.State.Plans[epoch];
            var plan = record.Plan;
            progress.Due = false;
            progress.SentAt = store.Now;
            if (!record.Abandoned)
            {
                // Nodes are told of no plan that lacks an expert: what they hold waits where it is until there is a place.
                if (record.Target == ReplicaTarget.Stop || ShardRepair.HasExperts(plan)) Direct(record, progress, decisions);
                // What is loaded before it takes its place is told past the replica, whose plan does not name it yet.
                foreach (var next in record.Next ?? [])
                    decisions.Add(new GridDecision.DirectShard(next.Node, new ShardDirective(
                        plan with { Shards = [.. plan.Shards.Where(place => place.Shard != next.Shard), next] }, next.Shard, ReplicaTarget.Serve, null, record.Sequence)));
                continue;
            }

            foreach (var shard in plan.Shards)
                decisions.Add(new GridDecision.DirectShard(shard.Node, new ShardDirective(plan, shard.Shard, ReplicaTarget.Stop, record.HandOverAt, record.Sequence)));
        }

        orphans.Send(decisions);
    }

    private void Direct(PlanRecord record, PlanProgress progress, List<GridDecision> decisions)
    {
        var plan = record.Plan;
        decisions.Add(new GridDecision.DirectReplica(new ReplicaDirective(plan, record.Target, record.HandOverAt, record.Sequence, Observed(plan))));
        if (!record.Served || progress.Acknowledged == record.Sequence || record.Target == ReplicaTarget.Stop) return;
        // Ranks stall for a lost expert, and the replica's grain may have been where that was: its shards are told past it too.
        foreach (var shard in plan.Shards)
            decisions.Add(new GridDecision.DirectShard(shard.Node, new ShardDirective(
                plan, shard.Shard, plan.TargetOf(shard.Shard, record.Target), record.HandOverAt, record.Sequence)));
    }

    /// <summary>What is unsettled and was not answered is sent again.</summary>
    public void Tick()
    {
        // A change of the plan itself may end what no report tells of.
        foreach (var record in store.Elastic)
            if (!store.Progress[record.Plan.Epoch].Whole) Observe(record.Plan.Epoch);
        foreach (var (epoch, progress) in store.Progress)
            if (store.Now - progress.SentAt >= GridTimes.Resend && !IsSettled(store.State.Plans[epoch], progress)) progress.Due = true;
    }

    /// <summary>Reports of a plan's shards at its epoch, each at its present place.</summary>
    public ShardStatus[] Observed(ReplicaPlan plan)
    {
        var found = new List<ShardStatus>(plan.Shards.Length);
        foreach (var shard in plan.Shards)
            if (Observations.Shard(store, plan, shard) is { } status) found.Add(status);
        return [.. found];
    }

    private static bool IsSettled(PlanRecord record, PlanProgress progress) => !record.Abandoned && progress.Acknowledged == record.Sequence && record.Target switch
    {
        ReplicaTarget.Serve => progress is { State: ReplicaState.Ready, Whole: true },
        ReplicaTarget.Drain => progress.State == ReplicaState.Draining,
        _ => false,
    };

    private void Observe(long epoch)
    {
        if (!store.State.Plans.TryGetValue(epoch, out var record) || record.Abandoned) return;
        var progress = store.Progress[epoch];
        if (record.Plan.Shards.FirstOrDefault(s => !s.Shard.IsExpert && !MayLive(s)) is { } dead && !Enumerable.Range(0, record.Plan.Layout.Data).Any(rank => failures.Serves(record, rank)))
        {
            // The store did not take that it is given up, which is tried again: until then it is not what anybody may rely on.
            (progress.State, progress.Reason, progress.Message) = (ReplicaState.Placing, "NodeDead", $"{dead.Node} is gone");
            return;
        }

        record = Failures(record);
        if (record.Abandoned) return;
        var plan = record.Plan;
        var observed = Observed(plan);
        foreach (var status in observed)
        {
            progress.Seen.Add((status.Shard, status.Generation));
            if (status.State == ShardState.Ready && progress.Failures.TryGetValue(status.Shard, out var row)) row.Ready(store.Now);
        }

        var (state, reason, message) = ReplicaProgress.Of(plan, record.Target, observed, record.Served);
        foreach (var rank in observed.GroupBy(status => status.Shard.Rank))
            if (rank.Key is { } number && rank.All(status => status.State == ShardState.Ready) && rank.Count() == plan.Layout.Tensor * plan.Layout.Pipeline) progress.Joined.Add(number);
        progress.Stalled = plan.Shards.Count(s => s.Shard.IsExpert && MayLive(s) && Observations.Shard(store, plan, s) is { State: ShardState.Ready or ShardState.Draining }) < plan.Layout.Expert;
        progress.Whole = record.Next is null && ShardRepair.IsFilled(plan) && observed.Length == plan.Shards.Length && observed.All(status => status.State == ShardState.Ready);
        progress.Due |= progress.State != state || !IsSettled(record, progress);
        store.TableChanged = true;
        store.Model(plan.Model).Dirty = true;
        if (state == ReplicaState.Ready && progress.State != state && record.Target == ReplicaTarget.Serve)
        {
            store.Log.Normal(store.Now, "ReplicaReady", $"replica/{plan.Id}", $"epoch {epoch} on {string.Join(", ", plan.Shards.Select(s => s.Node).Distinct())}");
            store.Model(plan.Model).Failures.Remove(plan.Index);
            store.Serve(record);
        }

        (progress.State, progress.Reason, progress.Message) = (state, reason, message);
    }

    // A shard that says that it failed, and one that its node knew of and does not know any more.
    private PlanRecord Failures(PlanRecord record)
    {
        if (record.Target == ReplicaTarget.Stop) return record;
        var seen = store.Progress[record.Plan.Epoch].Seen;
        foreach (var place in record.Places().ToArray())
        {
            var status = Observations.Shard(store, record.Plan, place);
            if (status is { State: ShardState.Failed } && (record.Target == ReplicaTarget.Serve || place.Shard.IsExpert))
                record = failures.Lose(record, s => s == place, status.Reason ?? "ShardFailed", $"{record.Plan.Id}/{place.Shard}: {status.Message ?? "no message"}", failed: true);
            else if (status is null && seen.Contains((place.Shard, place.Generation)) && store.Nodes.ContainsKey(place.Node))
                record = failures.Lose(record, s => s == place, "ShardLost", $"{record.Plan.Id}/{place.Shard} is not on {place.Node} any more", failed: true);
            if (record.Abandoned) return record;
        }

        return record;
    }

    // A shard that stands still is named long before its node is declared dead.
    private void Observe(RankStatus rank)
    {
        if (!store.Progress.TryGetValue(rank.Epoch, out var progress) || store.State.Plans[rank.Epoch].Plan.Id != rank.Replica) return;
        if (rank.Waits is not { } waits) progress.Waits.Remove(rank.Rank);
        else if (progress.Waits.GetValueOrDefault(rank.Rank) != waits)
        {
            progress.Waits[rank.Rank] = waits;
            store.Log.Warn(store.Now, "RankWaits", $"replica/{rank.Replica}", $"{RankId.ShortName(rank.Rank)}: {waits}");
        }
    }

    // Ranks on a node cannot reach an expert: that comes seconds before anybody declares its node dead.
    private void Observe(NodeRecord node, ShardLoss loss)
    {
        if (!store.State.Plans.TryGetValue(loss.Epoch, out var record) || record.Plan.Id != loss.Replica) return;
        if (record.Abandoned || !record.Plan.Shards.Any(place => place.Node == node.Name && place.Incarnation == node.Report!.Incarnation)) return;
        if (record.Plan.Shards.FirstOrDefault(place => place.Shard == loss.Shard && place.Generation == loss.Generation) is not { } lost) return;
        // While it loads nobody can reach it, and a loss that was told then says nothing later either.
        var early = store.Progress[loss.Epoch].EarlyLosses;
        if (Observations.Shard(store, record.Plan, lost) is not { State: ShardState.Ready or ShardState.Draining }) early.Add((node.Name, loss));
        else if (!early.Contains((node.Name, loss))) failures.Lose(record, place => place == lost, "ExpertUnreachable", $"{node.Name} cannot reach it: {loss.Message}", failed: true);
    }

    private void Lose(PlanRecord record, Func<ShardPlan, bool> gone, string reason, string message)
    {
        record = failures.Lose(record, gone, reason, message, failed: false);
        if (record.Places().Any(gone)) store.RemoveShards(record, gone);
    }

    private bool MayLive(ShardPlan place) => !store.Nodes.TryGetValue(place.Node, out var node) || node.IsLive;

    private bool IsGone(ShardPlan shard, NodeController nodes) => store.Nodes.TryGetValue(shard.Node, out var node) && node.Report is { } report
        ? !node.IsLive || report.Incarnation != shard.Incarnation
        : nodes.IsGone(shard.SiloAddress);
}
