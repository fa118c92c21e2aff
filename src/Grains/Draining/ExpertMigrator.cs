using Grid.Abstractions.Events;
using Grid.Abstractions.Replicas;
using Grid.Grains.Placement;
using Grid.Grains.Records;
using Grid.Grains.Recovery;
using Grid.Grains.Store;

namespace Grid.Grains.Draining;

/// <summary>
/// Moves expert shards off nodes that are being drained and hold nothing else of their replica: the new copy is loaded first, then
/// the ranks switch to it, then the old one is unloaded. If there is no place for it, the whole replica moves like any other.
/// </summary>
internal sealed class ExpertMigrator(GridStore store, NodeDrains drains, ReplicaScheduler placement, FailureHandler failures,
    OrphanCollector orphans)
{
    /// <summary>Begins, ends and cancels moves.</summary>
    public void Advance()
    {
        if (store.Gathering) return;
        foreach (var record in store.Elastic)
        {
            if (record.Abandoned) continue;
            if (record.Target == ReplicaTarget.Serve) Begin(Land(CallOff(record)));
            else failures.Withdraw(record, record.Next ?? []);
        }
    }

    private PlanRecord CallOff(PlanRecord record) => record.Next is not { } next ? record
        : failures.Withdraw(record,
        [.. next.Where(
            to => record.Plan.Shards.FirstOrDefault(from => from.Shard == to.Shard) is { } from && !drains.IsDrained(from.Node))]);

    private PlanRecord Land(PlanRecord record)
    {
        foreach (var to in record.Next ?? [])
        {
            if (record.Plan.Shards.FirstOrDefault(place => place.Shard == to.Shard) is not { } from) continue;
            if (!store.Nodes.TryGetValue(to.Node, out var node)
                || node.Shard(record.Plan.Id, record.Plan.Epoch, to.Shard, to.Generation) is not { State: ShardState.Ready }) continue;
            orphans.Keep(record.Plan, from, GridTimes.ExpertUnloadDelay);
            store.Log.Normal(EventReasons.ExpertShardReplaced, $"replica/{record.Plan.Id}",
                $"{to.Shard} from {from.Node} to {to.Node}, generation {to.Generation}: {from.Node} is being emptied");
            ShardPlan[] left = [.. record.Next!.Where(place => place != to)];
            record = store.Replan(record with
            {
                Plan = record.Plan with { Shards = ReplicaShape.Ordered([.. record.Plan.Shards.Where(place => place != from), to]) },
                Next = left.Length == 0 ? null : left,
            });
        }

        return record;
    }

    private void Begin(PlanRecord record)
    {
        var progress = store.Progress[record.Plan.Epoch];
        var nodes = record.Plan.Shards.Select(place => place.Node).Distinct().Where(drains.IsDrained).ToHashSet();
        if (nodes.Count == 0) store.SetMoveFailure(record, null, progress.MoveAt);
        if (nodes.Count == 0 || progress.MoveAt > store.Now || progress.State != ReplicaState.Ready) return;
        foreach (var from in record.Plan.Shards.Where(place => nodes.Contains(place.Node)).ToArray())
        {
            if (!NodeDrains.HasOnlyExperts(record.Plan, from.Node) || record.Next?.Any(to => to.Shard == from.Shard) == true) continue;
            var found = placement.Find(record, [from.Shard], [from.Node], [.. record.Places()]);
            if (found.Shards is null)
            {
                Refuse(record, progress, from, found.Missing!);
                return;
            }

            store.SetMoveFailure(record, null, progress.MoveAt);
            record = store.Replan(
                record with { Next = [.. record.Next ?? [], .. found.Shards], Generation = found.Shards.Max(place => place.Generation) });
        }
    }

    private void Refuse(PlanRecord record, PlanProgress progress, ShardPlan from, string missing)
    {
        if (progress.MoveFailure is null)
            store.Log.Warn(EventReasons.Unschedulable, $"replica/{record.Plan.Id}",
                $"{from.Shard} cannot leave {from.Node} by itself, the replica moves as a whole: {missing}");
        store.SetMoveFailure(record, missing, store.Now + GridTimes.ResendInterval);
    }
}
