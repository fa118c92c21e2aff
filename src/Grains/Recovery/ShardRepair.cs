using Grid.Abstractions.Events;
using Grid.Abstractions.Replicas;
using Grid.Grains.Placement;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Recovery;

/// <summary>
/// Gives places to shards that a running plan lacks: experts that were lost, and ranks that were added. The plan keeps its epoch.
/// </summary>
internal sealed class ShardRepair(GridStore store, ReplicaScheduler placement, FailureHandler failures)
{
    /// <summary>Places what can be placed; does nothing while reports are being gathered.</summary>
    public void Fill()
    {
        if (store.Gathering) return;
        foreach (var record in store.Elastic)
            if (record is { Abandoned: false, Target: not ReplicaTarget.Stop }) Fill(record);
    }

    /// <summary>Whether every shard of a plan's layout has a place.</summary>
    public static bool IsFilled(ReplicaPlan plan)
    {
        var layout = plan.Layout;
        var wanted = layout.Tensor * layout.Pipeline * layout.Data + layout.Expert;
        foreach (var place in plan.Shards)
            if (!plan.IsLeaving(place.Shard)) wanted--;
        return wanted == 0;
    }

    /// <summary>Whether every expert shard of a plan has a place.</summary>
    public static bool HasExperts(ReplicaPlan plan) => Experts(plan) == plan.Layout.Expert;

    private void Fill(PlanRecord record)
    {
        var progress = store.Progress[record.Plan.Epoch];
        if (IsFilled(record.Plan))
        {
            store.SetGap(record, null);
            progress.FindAll();
            return;
        }

        var placed = new List<ShardPlan>();
        string? missing = null;
        foreach (var names in Gaps(record))
        {
            // A rank that cannot reach all experts cannot be loaded.
            if (!names[0].IsExpert && placed.Count(place => place.Shard.IsExpert) + Experts(record.Plan) < record.Plan.Layout.Expert) break;
            var absence = progress.Absent.GetValueOrDefault(names[0]);
            if (absence is null && names[0].IsExpert)
                progress.Miss(names[0], absence = new ShardAbsence("an unknown node", store.Now, store.Now, "it was missing"));
            if (absence?.RetryAt > store.Now && NextOf(record, names) is null) continue;
            if (Place(record, names, absence, placed) is { } why) missing ??= why;
        }

        if (placed.Count > 0) record = Accept(record, progress, placed);
        if (missing is not null && progress.Gap is null) store.Log.Warn(EventReasons.Unschedulable, $"replica/{record.Plan.Id}", missing);
        store.SetGap(record, missing);
        foreach (var (name, absence) in progress.Absent)
        {
            if (!name.IsExpert || missing is null || store.Now - absence.Since < GridTimes.ExpertPlaceTimeout) continue;
            failures.Abandon(record, EventReasons.Unschedulable,
                $"{record.Plan.Id}/{name} has had no place for {GridTimes.ExpertPlaceTimeout.TotalSeconds:0} s: {missing}", failed: false);
            return;
        }
    }

    // Experts one by one, each rank as a whole; a replica that is being drained gets no more ranks.
    private static IEnumerable<ShardId[]> Gaps(PlanRecord record)
    {
        var plan = record.Plan;
        var held = plan.Shards.Select(place => place.Shard).ToHashSet();
        var gaps = ReplicaShape.ShardsOf(plan.Layout).Where(name => !held.Contains(name)).ToArray();
        foreach (var name in gaps.Where(name => name.IsExpert)) yield return [name];
        if (record.Target != ReplicaTarget.Serve) yield break;
        foreach (var rank in gaps.Where(name => !name.IsExpert).GroupBy(name => name.Rank)) yield return [.. rank];
    }

    /// <returns>What was missing; null if they have a place.</returns>
    private string? Place(PlanRecord record, ShardId[] names, ShardAbsence? absence, List<ShardPlan> placed)
    {
        if (NextOf(record, names) is { } next)
        {
            placed.Add(next);
            return null;
        }

        string[] avoid = absence is null ? [] : [absence.Node];
        var found = placement.Find(record, names, avoid, [.. record.Plan.Shards, .. placed]);
        foreach (var place in found.Shards ?? [])
        {
            store.Ledger.Reserve(GridStore.ReservationOf(record.Plan, place));
            placed.Add(place);
        }

        return found.Missing;
    }

    // It was about to move, and is already loading there.
    private static ShardPlan? NextOf(PlanRecord record, ShardId[] names) => record.Next?.FirstOrDefault(place => place.Shard == names[0]);

    private static int Experts(ReplicaPlan plan)
    {
        var count = 0;
        foreach (var place in plan.Shards)
            if (place.Shard.IsExpert) count++;
        return count;
    }

    private PlanRecord Accept(PlanRecord record, PlanProgress progress, List<ShardPlan> placed)
    {
        var plan = record.Plan;
        foreach (var rank in placed.GroupBy(place => place.Shard.Rank).Where(group => group.Key is not null))
        {
            store.LeaveRank(record, rank.Key!.Value);
            store.Log.Normal(EventReasons.RankPlaced, $"replica/{plan.Id}",
                $"{RankId.ShortName(rank.Key!.Value)} on {string.Join(", ", rank.Select(place => $"{place.Node}/{place.Device}"))}, "
                + $"generation {rank.First().Generation}");
        }

        foreach (var place in placed.Where(place => place.Shard.IsExpert))
        {
            var absence = progress.Absent[place.Shard];
            store.Log.Warn(EventReasons.ExpertShardReplaced, $"replica/{plan.Id}",
                $"{place.Shard} from {absence.Node} to {place.Node}, generation {place.Generation}: {absence.Message}");
        }

        foreach (var place in placed) progress.Find(place.Shard);
        ShardPlan[]? next = record.Next is null ? null : [.. record.Next.Where(place => !placed.Contains(place))];
        return store.Replan(record with
        {
            Plan = plan with { Shards = ReplicaShape.Ordered([.. plan.Shards, .. placed]) },
            Generation = Math.Max(record.Generation, placed.Max(place => place.Generation)),
            Next = next is { Length: > 0 } ? next : null,
        });
    }
}
