using Grid.Abstractions.Replicas;

namespace Grid.Grains.Replicas;

/// <summary>The state of a replica, read off its shards.</summary>
internal static class ReplicaProgress
{
    /// <summary>The state that reported shards add up to; a shard that is not reported yet counts as being placed.</summary>
    public static (ReplicaState State, string? Reason, string? Message) Of(ReplicaPlan plan, ReplicaTarget target, IReadOnlyCollection<ShardStatus> observed)
    {
        int ready = 0, told = 0;
        foreach (var shard in observed)
        {
            if (shard.State == ShardState.Failed && target == ReplicaTarget.Serve)
                return (ReplicaState.Failed, shard.Reason ?? "ShardFailed", $"{shard.Replica}/{shard.Shard}: {shard.Message ?? "no message"}");
            if (shard.State == ShardState.Ready) ready++;
            if (shard.State != ShardState.Ready && shard.State != ShardState.Loading) told++;
        }

        // Only a replica whose shards all know of the drain takes no new request: until then its streams are not all known.
        if (target == ReplicaTarget.Stop || (target == ReplicaTarget.Drain && told == plan.Shards.Length)) return (ReplicaState.Draining, null, null);
        if (ready == plan.Shards.Length || (target == ReplicaTarget.Drain && ready + told == plan.Shards.Length)) return (ReplicaState.Ready, null, null);
        return observed.Count < plan.Shards.Length
            ? (ReplicaState.Placing, null, $"{observed.Count} of {plan.Shards.Length} shards placed")
            : (ReplicaState.Loading, null, $"{ready} of {plan.Shards.Length} shards loaded");
    }
}
