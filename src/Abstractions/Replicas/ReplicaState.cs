namespace Grid.Abstractions.Replicas;

/// <summary>Life of a replica.</summary>
[GenerateSerializer, Alias("grid.ReplicaState")]
public enum ReplicaState
{
    /// <summary>Wanted, no place yet.</summary>
    Pending,

    /// <summary>Has a plan; its shards are being activated.</summary>
    Placing,

    /// <summary>Shards load.</summary>
    Loading,

    /// <summary>Serves.</summary>
    Ready,

    /// <summary>Takes no new request.</summary>
    Draining,

    /// <summary>Unloaded.</summary>
    Stopped,

    /// <summary>With a reason; tried again after a back-off.</summary>
    Failed,
}
