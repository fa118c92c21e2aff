namespace Grid.Abstractions.Replicas;

/// <summary>The states of a replica's life.</summary>
[GenerateSerializer, Alias("grid.ReplicaState")]
public enum ReplicaState
{
    /// <summary>It has no place yet.</summary>
    Pending,

    /// <summary>It has a plan, and its shards are being activated.</summary>
    Placing,

    /// <summary>Its shards are loading.</summary>
    Loading,

    /// <summary>It serves.</summary>
    Ready,

    /// <summary>It takes no new request.</summary>
    Draining,

    /// <summary>It is unloaded.</summary>
    Stopped,

    /// <summary>It failed for a reason, and is placed again after a back-off.</summary>
    Failed,
}
