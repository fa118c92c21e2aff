namespace Grid.Silo.Shards;

internal static partial class Log
{
    [LoggerMessage(2200, LogLevel.Information, "Loading {Replica}/{Shard} at epoch {Epoch} on {Device}")]
    public static partial void LoadingShard(this ILogger logger, ReplicaId replica, ShardId shard, long epoch, DeviceId device);

    [LoggerMessage(2201, LogLevel.Error, "Loading {Replica}/{Shard} at epoch {Epoch} failed: {Message}")]
    public static partial void LoadFailed(this ILogger logger, Exception? exception, ReplicaId replica, ShardId shard, long epoch,
        string message);

    [LoggerMessage(2202, LogLevel.Error, "Unloading {Replica}/{Shard} at epoch {Epoch} failed")]
    public static partial void UnloadFailed(this ILogger logger, Exception exception, ReplicaId replica, ShardId shard, long epoch);

    [LoggerMessage(2203, LogLevel.Warning,
        "Ignored a directive for {Replica}/{Shard} at epoch {Epoch}: it is for incarnation {Other} of {Node}, and this process is {Own}")]
    public static partial void DirectiveForOtherProcess(this ILogger logger, ReplicaId replica, ShardId shard, long epoch, string? other,
        string node, string own);

    [LoggerMessage(2204, LogLevel.Warning, "Rank {Rank} is waiting: {Reason}")]
    public static partial void RankWaits(this ILogger logger, RankId rank, string reason);

    [LoggerMessage(2205, LogLevel.Error, "The engine of {Rank} has stopped: {Reason}")]
    public static partial void EngineStopped(this ILogger logger, RankId rank, string reason);
}
