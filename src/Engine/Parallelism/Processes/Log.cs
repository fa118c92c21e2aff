using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Processes;

/// <summary>Log messages of shards in processes of this host.</summary>
internal static partial class Log
{
    [LoggerMessage(1520, LogLevel.Information, "Shard {Shard} is process {Pid}")]
    public static partial void ShardStarted(this ILogger logger, string shard, int pid);

    [LoggerMessage(1521, LogLevel.Information, "Expert shard {Expert} is process {Pid}")]
    public static partial void ExpertStarted(this ILogger logger, string expert, int pid);

    [LoggerMessage(1522, LogLevel.Warning, "Expert shard {Expert} ({Process}) has died and is being restarted")]
    public static partial void ExpertDied(this ILogger logger, string expert, string process);

    [LoggerMessage(1523, LogLevel.Warning, "Expert shard {Expert} could not be restarted: {Reason}")]
    public static partial void ExpertNotRestarted(this ILogger logger, string expert, string reason);
}
