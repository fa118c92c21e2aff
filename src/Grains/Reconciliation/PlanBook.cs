using Grid.Abstractions.Replicas;
using Grid.Grains.Nodes;
using Grid.Grains.Placement;
using Grid.Grains.Replicas;

namespace Grid.Grains.Reconciliation;

/// <summary>Plans: what is seen of them, what is lost, and what is to be sent.</summary>
internal sealed class PlanBook(GridWorld world, long loadedEpoch)
{
    private readonly Dictionary<string, List<Reservation>> _orphans = [];
    private readonly List<GridDecision> _strays = [];

    /// <summary>Whether a node reported shards that no plan knows.</summary>
    public bool HasOrphans(string node) => _orphans.ContainsKey(node);

    /// <summary>Takes in what a node's report says of shards.</summary>
    public void Observe(NodeRecord node)
    {
        Adopt(node);
        foreach (var epoch in world.PlansOn(node.Name)) Observe(epoch);
        Strays(node);
    }

    /// <summary>Promises to shards that no plan knows are made anew after the state was loaded.</summary>
    public void Reload()
    {
        foreach (var reservation in _orphans.Values.SelectMany(list => list)) world.Ledger.Reserve(reservation);
        foreach (var epoch in world.State.Plans.Keys.Order().ToArray()) Observe(epoch);
    }

    /// <summary>A replica has answered.</summary>
    public bool Answered(ReplicaStatus status)
    {
        if (!world.State.Plans.TryGetValue(status.Epoch, out var record) || record.Abandoned || record.Plan.Id != status.Replica) return false;
        var progress = world.Progress[status.Epoch];
        progress.Acknowledged = Math.Max(progress.Acknowledged, status.Sequence);
        if (status.Sequence != record.Sequence) return false;
        if (status.State == ReplicaState.Stopped && record.Target == ReplicaTarget.Stop)
        {
            world.RemoveShards(record, _ => true);
            return true;
        }

        if (status.Reason is null || progress.Reason == status.Reason) return false;
        (progress.Reason, progress.Message) = (status.Reason, status.Message);
        world.Model(record.Plan.Model).Dirty = true;
        return true;
    }

    /// <summary>A shard of an abandoned plan has answered.</summary>
    public bool Answered(string node, ShardDirective sent, ShardStatus? held)
    {
        if (held is not null || sent.Target != ReplicaTarget.Stop) return false;
        if (!world.State.Plans.TryGetValue(sent.Plan.Epoch, out var record) || !record.Abandoned) return false;
        world.RemoveShards(record, shard => shard.Node == node && shard.Shard == sent.Shard);
        return true;
    }

    /// <summary>A node's process is gone, and every shard on it.</summary>
    public void Lose(string node, string incarnation, string reason, string message)
    {
        ReleaseOrphans(node);
        foreach (var epoch in world.PlansOn(node))
        {
            var record = world.State.Plans[epoch];
            if (!record.Plan.Shards.Any(s => s.Node == node && s.Incarnation == incarnation)) continue;
            if (!record.Abandoned) record = Abandon(record, reason, message, failed: false);
            world.RemoveShards(record, shard => shard.Node == node && shard.Incarnation == incarnation);
        }
    }

    /// <summary>A node's silo has another address, its process and shards are the same.</summary>
    public void Readdress(NodeRecord node)
    {
        foreach (var epoch in world.PlansOn(node.Name))
        {
            var record = world.State.Plans[epoch];
            var shards = record.Plan.Shards.Select(s => s.Node == node.Name && s.Incarnation == node.Report!.Incarnation ? s with { SiloAddress = node.Report.SiloAddress } : s);
            world.State.Plans[epoch] = record with { Plan = record.Plan with { Shards = [.. shards] } };
            world.Changed = true;
        }
    }

    /// <summary>Gives up a plan: its replica goes on under a higher epoch, and what is left of it is stopped.</summary>
    /// <param name="record">The plan.</param>
    /// <param name="reason">A word.</param>
    /// <param name="message">A sentence.</param>
    /// <param name="failed">It failed by itself: the next try waits.</param>
    public PlanRecord Abandon(PlanRecord record, string reason, string message, bool failed)
    {
        var plan = record.Plan;
        world.Log.Warn(world.Now, failed ? "ReplicaFailed" : "ReplicaLost", $"replica/{plan.Id}", message);
        var model = world.Model(plan.Model);
        if (failed)
        {
            var count = model.Failures.GetValueOrDefault(plan.Index)?.Count + 1 ?? 1;
            model.Failures[plan.Index] = new ReplicaFailure(count, world.Now + BackOff.After(count), reason, message, [.. plan.Shards.Select(s => s.Node).Distinct()]);
        }

        if (model.Wish is { } wish)
        {
            var again = record.Target == ReplicaTarget.Serve && model.Spec is not null;
            model.Wish = wish with
            {
                Replicas = [.. wish.Replicas
                    .Where(w => w.Epoch != plan.Epoch || again)
                    .Select(w => w.Epoch == plan.Epoch ? w with { Epoch = 0, Revision = model.Revision ?? w.Revision, Target = ReplicaTarget.Serve, HandOverAt = null } : w)],
            };
            model.Unplaced |= again;
        }

        return world.Direct(record, ReplicaTarget.Stop, world.Now, abandoned: true);
    }

    /// <summary>Gives up plans on nodes that are not there any more, after a start.</summary>
    public void Sweep(NodeBook nodes)
    {
        foreach (var epoch in world.State.Plans.Keys.Order().ToArray())
        {
            var record = world.State.Plans[epoch];
            if (!record.Plan.Shards.Any(s => IsGone(s, nodes))) continue;
            if (!record.Abandoned) record = Abandon(record, "NodeDead", $"{record.Plan.Shards.First(s => IsGone(s, nodes)).Node} is gone", failed: false);
            world.RemoveShards(record, shard => IsGone(shard, nodes));
        }
    }

    /// <summary>Directives that are due.</summary>
    public void Send(List<GridDecision> decisions)
    {
        foreach (var (epoch, progress) in world.Progress)
        {
            if (!progress.Due) continue;
            var record = world.State.Plans[epoch];
            progress.Due = false;
            progress.SentAt = world.Now;
            if (!record.Abandoned)
            {
                decisions.Add(new GridDecision.DirectReplica(new ReplicaDirective(record.Plan, record.Target, record.HandOverAt, record.Sequence, Observed(record.Plan))));
                continue;
            }

            foreach (var shard in record.Plan.Shards)
                decisions.Add(new GridDecision.DirectShard(shard.Node, new ShardDirective(record.Plan, shard.Shard, ReplicaTarget.Stop, record.HandOverAt, record.Sequence)));
        }

        decisions.AddRange(_strays);
        _strays.Clear();
    }

    /// <summary>What is unsettled and was not answered is sent again.</summary>
    public void Tick()
    {
        foreach (var (epoch, progress) in world.Progress)
            if (world.Now - progress.SentAt >= GridTimes.Resend && !IsSettled(world.State.Plans[epoch], progress)) progress.Due = true;
    }

    /// <summary>Reports of a plan's shards at its epoch.</summary>
    public ShardStatus[] Observed(ReplicaPlan plan)
    {
        var found = new List<ShardStatus>(plan.Shards.Length);
        foreach (var shard in plan.Shards)
            if (world.Nodes.TryGetValue(shard.Node, out var node) && node.Report?.Incarnation == shard.Incarnation && node.Shard(plan.Id, plan.Epoch, shard.Shard) is { } status) found.Add(status);
        return [.. found];
    }

    private static bool IsSettled(PlanRecord record, PlanProgress progress) => !record.Abandoned && progress.Acknowledged == record.Sequence && record.Target switch
    {
        ReplicaTarget.Serve => progress.State == ReplicaState.Ready,
        ReplicaTarget.Drain => progress.State == ReplicaState.Draining,
        _ => false,
    };

    private void Observe(long epoch)
    {
        if (!world.State.Plans.TryGetValue(epoch, out var record) || record.Abandoned) return;
        var progress = world.Progress[epoch];
        if (record.Plan.Shards.FirstOrDefault(s => world.Nodes.TryGetValue(s.Node, out var node) && !node.IsLive) is { } dead)
        {
            // The store did not take that it is given up, which is tried again: until then it is not what anybody may rely on.
            (progress.State, progress.Reason, progress.Message) = (ReplicaState.Placing, "NodeDead", $"{dead.Node} is gone");
            return;
        }

        var observed = Observed(record.Plan);
        if (record.Target != ReplicaTarget.Stop && Missing(record.Plan, progress, observed) is { } missing)
        {
            Abandon(record, "ShardLost", $"{record.Plan.Id}/{missing.Shard} is not on {missing.Node} any more", failed: true);
            return;
        }

        foreach (var status in observed) progress.Seen.Add(status.Shard);
        var (state, reason, message) = ReplicaProgress.Of(record.Plan, record.Target, observed);
        if (state == ReplicaState.Failed)
        {
            Abandon(record, reason!, message!, failed: true);
            return;
        }

        progress.Due |= progress.State != state || !IsSettled(record, progress);
        world.TableChanged = true;
        world.Model(record.Plan.Model).Dirty = true;
        if (state == ReplicaState.Ready && progress.State != state && record.Target == ReplicaTarget.Serve)
        {
            world.Log.Normal(world.Now, "ReplicaReady", $"replica/{record.Plan.Id}", $"epoch {epoch} on {string.Join(", ", record.Plan.Shards.Select(s => s.Node).Distinct())}");
            world.Model(record.Plan.Model).Failures.Remove(record.Plan.Index);
        }

        (progress.State, progress.Reason, progress.Message) = (state, reason, message);
    }

    private ShardPlan? Missing(ReplicaPlan plan, PlanProgress progress, ShardStatus[] observed) =>
        progress.Seen.Count == 0 || observed.Length == plan.Shards.Length ? null
        : plan.Shards.FirstOrDefault(s => progress.Seen.Contains(s.Shard) && world.Nodes.ContainsKey(s.Node) && !observed.Any(o => o.Shard == s.Shard));

    private bool IsGone(ShardPlan shard, NodeBook nodes) => world.Nodes.TryGetValue(shard.Node, out var node) && node.Report is { } report
        ? !node.IsLive || report.Incarnation != shard.Incarnation
        : nodes.IsGone(shard.SiloAddress);

    // A plan above every epoch that was given out comes from a store that is lost, or newer than ours: it is taken over as it stands.
    private void Adopt(NodeRecord node)
    {
        var known = world.Gathering ? loadedEpoch : world.State.Epoch;
        var highest = Math.Max(world.State.Epoch, node.Report!.MaxEpoch);
        foreach (var plan in node.Report.Plans)
        {
            highest = Math.Max(highest, plan.Epoch);
            if (plan.Epoch <= known || world.State.Plans.ContainsKey(plan.Epoch)) continue;
            if (world.State.Config is null && !world.State.Deployed.ContainsKey(plan.Model)) world.State.Deployed[plan.Model] = plan.Spec;
            var rival = world.Current(plan.Model, plan.Index);
            var record = new PlanRecord(plan, ReplicaTarget.Serve, null, world.Now.ToUnixTimeMilliseconds(), false);
            world.AddPlan(record);
            world.Log.Warn(world.Now, "ReplicaAdopted", $"replica/{plan.Id}", $"epoch {plan.Epoch} was found on {node.Name} and is not in the store");
            if (rival is not null) Abandon(rival.Plan.Epoch > plan.Epoch ? record : rival, "Replaced", $"two plans of {plan.Id}: epochs {rival.Plan.Epoch} and {plan.Epoch}", failed: false);
        }

        if (highest == world.State.Epoch) return;
        world.State.Epoch = highest;
        world.Changed = true;
    }

    // Shards that no plan knows keep their memory promised until they are gone, and are told to stop with each report.
    private void Strays(NodeRecord node)
    {
        List<Reservation>? found = null;
        foreach (var status in node.Report!.Shards)
        {
            if (IsPlanned(node.Name, status.Epoch, status.Shard)) continue;
            (found ??= []).Add(new Reservation(node.Name, status.Device, status.Replica, status.Epoch, status.Shard, status.ReservedBytes));
            if (world.Gathering || node.Report.Plans.FirstOrDefault(p => p.Epoch == status.Epoch && p.Id == status.Replica) is not { } plan) continue;
            _strays.Add(new GridDecision.DirectShard(node.Name, new ShardDirective(plan, status.Shard, ReplicaTarget.Stop, world.Now, long.MaxValue)));
        }

        if (_orphans.TryGetValue(node.Name, out var before))
            foreach (var reservation in before.Where(r => (found is null || !found.Contains(r)) && !IsPlanned(r.Node, r.Epoch, r.Shard))) world.Ledger.Release(reservation);
        foreach (var reservation in found ?? []) world.Ledger.Reserve(reservation);
        if (found is null) _orphans.Remove(node.Name);
        else _orphans[node.Name] = found;
    }

    private bool IsPlanned(string node, long epoch, string shard) =>
        world.State.Plans.TryGetValue(epoch, out var record) && record.Plan.Shards.Any(s => s.Shard == shard && s.Node == node);

    private void ReleaseOrphans(string node)
    {
        if (!_orphans.Remove(node, out var list)) return;
        foreach (var reservation in list.Where(r => !IsPlanned(r.Node, r.Epoch, r.Shard))) world.Ledger.Release(reservation);
    }
}
