using Grid.Abstractions.Events;
using Grid.Abstractions.Replicas;
using Grid.Grains.Placement;
using Grid.Grains.Records;
using Grid.Grains.Recovery;
using Grid.Grains.Store;

namespace Grid.Grains.Draining;

/// <summary>
/// Adds and removes data-parallel ranks of running replicas if the configuration changes nothing else: the experts and the other ranks
/// keep serving. A rank that is removed takes no new request; it leaves the plan when it is empty, or at its deadline if others have room
/// for its streams.
/// </summary>
internal sealed class RankResizer(GridStore store, NodeDrains drains, FailureHandler failures)
{
    /// <summary>Brings plans in line with the configuration, and removes ranks.</summary>
    public void Advance()
    {
        if (store.Gathering) return;
        foreach (var record in store.Elastic)
            if (record is { Abandoned: false, Target: ReplicaTarget.Serve }) Leave(Resize(record));
    }

    private PlanRecord Resize(PlanRecord record)
    {
        var plan = record.Plan;
        if (!store.Models.TryGetValue(plan.Model, out var model) || model.Spec is not { } spec || model.Revision != plan.Revision)
            return record;
        if (ReplicaShape.LayoutOf(spec) is not { } wanted || wanted.Data == plan.Layout.Data
            || wanted with { Data = plan.Layout.Data } != plan.Layout) return record;
        // Another replica takes its place, in the new size.
        if (wanted.Data > plan.Layout.Data && drains.DrainOf(plan) is not null) return record;
        store.Log.Normal(EventReasons.ReplicaResized, $"replica/{plan.Id}",
            $"from {plan.Layout.Data} to {wanted.Data} data-parallel ranks under epoch {plan.Epoch}");
        return store.Replan(record with
        {
            Plan = plan with { Layout = wanted, Spec = plan.Spec with { Parallelism = spec.Parallelism } },
            LeaveBy = store.Now + drains.DrainTimeoutOf(plan.Model),
        });
    }

    private void Leave(PlanRecord record)
    {
        foreach (var rank in record.Plan.Shards.Where(place => record.Plan.IsLeaving(place.Shard)).GroupBy(place => place.Shard.Rank!.Value)
            .ToArray())
        {
            ShardPlan[] places = [.. rank];
            if (!MayGo(record, places, rank.Key)) continue;
            store.Log.Normal(EventReasons.RankRemoved, $"replica/{record.Plan.Id}",
                $"{RankId.ShortName(rank.Key)} from {string.Join(", ", places.Select(place => $"{place.Node}/{place.Device}"))}");
            record = failures.Remove(record, places.Contains);
        }
    }

    private bool MayGo(PlanRecord record, ShardPlan[] places, int rank)
    {
        var acknowledged = true;
        foreach (var place in places)
        {
            if (!store.Nodes.TryGetValue(place.Node, out var node) || node.Late) return false;
            var state = node.Shard(record.Plan.Id, record.Plan.Epoch, place.Shard, place.Generation)?.State;
            // Never ready: it cannot have been sent a request.
            if (place.Shard.DrivenRank == rank && state is null or ShardState.Loading or ShardState.Failed) return true;
            acknowledged &= state is not (ShardState.Ready or ShardState.Loading);
        }

        var streams = Reports.Rank(store, record.Plan, rank)?.Streams ?? 0;
        if (acknowledged && streams == 0) return true;
        return record.LeaveBy <= store.Now && Reports.RoomBeside(store, record) >= streams;
    }
}
