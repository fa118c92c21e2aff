using Grid.Abstractions.Events;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Recovery;

/// <summary>
/// What plans lose. A lost expert shard is placed again under the same epoch, and so is a data-parallel rank beside
/// others that share its experts and keep serving; with any other shard the whole plan is given up.
/// </summary>
internal sealed class FailureHandler(GridStore store, OrphanCollector orphans)
{
    private const int MostFailures = 3;

    /// <summary>Gives up a plan: its replica is placed again under a higher epoch, and what is left of the plan is stopped.</summary>
    /// <param name="reason">The reason as one word for programs.</param>
    /// <param name="message">The reason as a sentence for people.</param>
    /// <param name="failed">Whether it failed by itself, so that the next attempt has to wait.</param>
    public PlanRecord Abandon(PlanRecord record, string reason, string message, bool failed)
    {
        record = Withdraw(record, record.Next ?? []);
        var plan = record.Plan;
        store.Log.Warn(failed ? EventReasons.ReplicaFailed : EventReasons.ReplicaLost, $"replica/{plan.Id}", message);
        var model = store.AddModel(plan.Model);
        if (failed)
        {
            var count = model.Failures.GetValueOrDefault(plan.Index)?.Count + 1 ?? 1;
            store.SetFailure(model, plan.Index, new ReplicaFailure(count, store.Now + RetryPauses.Of.After(count), reason, message,
                [.. plan.Shards.Select(s => s.Node).Distinct()]));
        }

        store.SetUnplaced(model, record);
        return store.Direct(record, ReplicaTarget.Stop, store.Now, abandoned: true);
    }

    /// <summary>Shards of a plan are lost.</summary>
    /// <param name="lost">Whether a place is lost.</param>
    /// <param name="reason">The reason as one word for programs.</param>
    /// <param name="message">The reason as a sentence for people.</param>
    /// <param name="failed">Whether they failed by themselves and not with their node, so that after several failures in a row the next
    /// attempt has to wait.</param>
    public PlanRecord Lose(PlanRecord record, Func<ShardPlan, bool> lost, string reason, string message, bool failed)
    {
        if (record.Abandoned) return record;
        var progress = store.Progress[record.Plan.Epoch];
        if (record.Next?.Where(lost).ToArray() is { Length: > 0 } next)
        {
            store.SetMoveFailure(record, message, store.Now + GridTimes.FailureReset);
            record = Withdraw(record, next);
        }

        var gone = record.Plan.Shards.Where(lost).ToArray();
        if (gone.Length == 0) return record;
        if (record.Target == ReplicaTarget.Stop || !gone.All(place => IsReplaceable(record, gone, place)))
            return Abandon(record, reason, message, failed);
        var ranks = gone.Select(place => place.Shard.Rank).Where(rank => rank is not null).ToHashSet();
        foreach (var rank in ranks.Order())
            store.Log.Warn(EventReasons.RankLost, $"replica/{record.Plan.Id}", $"{RankId.ShortName(rank!.Value)}: {message}");
        foreach (var name in gone.Select(place => place.Shard))
        {
            var row = progress.FailuresOf(name);
            if (failed) row.Add(store.Now);
            if (failed && row.Count >= MostFailures && name.IsExpert)
                return Abandon(record, reason, $"{message}; {row.Count} failures in a row", failed: true);
            var pause = failed ? RetryPauses.Of.After(row.Count - 1) : TimeSpan.Zero;
            var node = gone.First(place => place.Shard == name).Node;
            progress.Miss(name, new ShardAbsence(node, store.Now, store.Now + pause, message));
        }

        if (gone.Any(place => place.Shard.IsExpert)) store.ObserveShards(record, progress.Whole, stalled: true);
        return Remove(record, place => gone.Contains(place) || (place.Shard.Rank is { } rank && ranks.Contains(rank)));
    }

    /// <summary>Takes shards out of a plan that continues without them.</summary>
    public PlanRecord Remove(PlanRecord record, Func<ShardPlan, bool> leaves)
    {
        foreach (var place in record.Plan.Shards.Where(leaves)) orphans.Keep(record.Plan, place);
        return store.Replan(record with { Plan = record.Plan with { Shards = [.. record.Plan.Shards.Where(place => !leaves(place))] } });
    }

    /// <summary>Drops the next places of shards that were about to move.</summary>
    public PlanRecord Withdraw(PlanRecord record, ShardPlan[] next)
    {
        if (next.Length == 0) return record;
        foreach (var place in next) orphans.Keep(record.Plan, place);
        ShardPlan[] left = [.. record.Next!.Where(place => !next.Contains(place))];
        return store.Replan(record with { Next = left.Length == 0 ? null : left });
    }

    /// <summary>Whether a rank of the layout serves, as far as is known, so that streams of a lost rank can continue there.</summary>
    public bool Serves(PlanRecord record, int rank)
    {
        var layout = record.Plan.Layout;
        if (layout.Expert == 0 || rank >= layout.Data) return false;
        if (!record.Served && store.Progress[record.Plan.Epoch].State is not (ReplicaState.Ready or ReplicaState.Draining)) return false;
        var places = record.Plan.Shards.Count(place => place.Shard.Rank == rank && Serves(record, place));
        return places == layout.Tensor * layout.Pipeline;
    }

    // A node that has not reported yet is assumed to hold what the replica began with.
    private bool Serves(PlanRecord record, ShardPlan place) => store.Nodes.TryGetValue(place.Node, out var node)
        ? node.IsLive && Reports.Shard(store, record.Plan, place) is { State: ShardState.Ready or ShardState.Draining }
        : place.Generation == 0;

    // A rank that was added and never served has no stream to lose, one that is being removed is not missed, and the streams of one that
    // serves continue on others.
    private bool IsReplaceable(PlanRecord record, ShardPlan[] gone, ShardPlan place)
    {
        if (place.Shard.Rank is not { } rank) return store.Rules.IsReplaceable(place.Shard);
        if (record.Plan.IsLeaving(place.Shard) || (place.Generation > 0 && !store.Progress[record.Plan.Epoch].Joined.Contains(rank)))
            return true;
        for (var other = 0; other < record.Plan.Layout.Data; other++)
            if (Serves(record, other) && !gone.Any(lost => lost.Shard.Rank == other)) return true;
        return false;
    }
}
