namespace Grid.Abstractions.Replicas;

/// <summary>Life of a shard on its node.</summary>
[GenerateSerializer, Alias("grid.ShardState")]
public enum ShardState
{
    /// <summary>Reads weights.</summary>
    Loading,

    /// <summary>Serves.</summary>
    Ready,

    /// <summary>Takes no new request.</summary>
    Draining,

    /// <summary>Unloads.</summary>
    Stopping,

    /// <summary>With a reason.</summary>
    Failed,
}
