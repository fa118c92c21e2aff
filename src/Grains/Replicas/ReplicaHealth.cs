using Grid.Abstractions.Events;
using Grid.Abstractions.Replicas;
using Grid.Primitives.Units;

namespace Grid.Grains.Replicas;

/// <summary>The state of a replica, derived from its shards.</summary>
internal static class ReplicaHealth
{
    /// <summary>The state that reported shards add up to; a shard that is not reported yet counts as being placed.</summary>
    /// <param name="plan">The plan, under its epoch.</param>
    /// <param name="target">What is desired of it.</param>
    /// <param name="observed">The reports of its shards.</param>
    /// <param name="served">Whether it was ready before, so that shards placed since are only additions.</param>
    public static (ReplicaState State, string? Reason, string? Message) Of(ReplicaPlan plan, ReplicaTarget target,
        IReadOnlyCollection<ShardStatus> observed, bool served = false)
    {
        int ready = 0, draining = 0, placed = 0;
        var expected = plan.Shards.Count(shard => Counts(plan, target, shard.Shard, shard.Generation, served));
        foreach (var shard in observed)
        {
            if (!Counts(plan, target, shard.Shard, shard.Generation, served)) continue;
            placed++;
            if (shard.State == ShardState.Failed && target == ReplicaTarget.Serve)
                return (ReplicaState.Failed, shard.Reason ?? EventReasons.ShardFailed,
                    $"{shard.Replica}/{shard.Shard}: {shard.Message ?? "no message"}");
            if (shard.State == ShardState.Ready) ready++;
            if (shard.State != ShardState.Ready && shard.State != ShardState.Loading) draining++;
        }

        // Only a replica whose shards all know of the drain takes no new request: until then its streams are not all known.
        if (target == ReplicaTarget.Stop || (target == ReplicaTarget.Drain && draining == expected))
            return (ReplicaState.Draining, null, null);
        if (ready == expected || (target == ReplicaTarget.Drain && ready + draining == expected))
            return (ReplicaState.Ready, null, null);
        return placed < expected
            ? (ReplicaState.Placing, null, $"{placed} of {Plural.Count(expected, "shard")} placed")
            : (ReplicaState.Loading, null, $"{ready} of {Plural.Count(expected, "shard")} loaded");
    }

    // A replica keeps serving while a shard is added, moved or removed; one that is drained waits until every rank knows of the drain.
    private static bool Counts(ReplicaPlan plan, ReplicaTarget target, ShardId shard, int generation, bool served) =>
        target == ReplicaTarget.Serve
            ? !plan.IsLeaving(shard) && !(served && generation > 0)
            : !(served && generation > 0 && shard.IsExpert);
}
