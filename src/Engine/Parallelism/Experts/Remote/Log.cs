using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts.Remote;

/// <summary>Log messages of expert shards over links.</summary>
internal static partial class Log
{
    [LoggerMessage(1510, LogLevel.Warning, "Expert shard {Shard} at {Endpoint} is lost: {Reason}")]
    public static partial void ExpertLost(this ILogger logger, string shard, string endpoint, string reason);

    [LoggerMessage(1511, LogLevel.Warning, "The link of a rank to expert shard {Shard} was closed: {Reason}")]
    public static partial void LinkClosed(this ILogger logger, string shard, string reason);
}
