namespace Grid.Abstractions.Replicas;

/// <summary>The states of a shard's life on its node.</summary>
[GenerateSerializer, Alias("grid.ShardState")]
public enum ShardState
{
    /// <summary>It reads weights.</summary>
    Loading,

    /// <summary>It serves.</summary>
    Ready,

    /// <summary>It takes no new request.</summary>
    Draining,

    /// <summary>It is being unloaded.</summary>
    Stopping,

    /// <summary>It failed for a reason.</summary>
    Failed,
}
