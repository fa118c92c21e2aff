using Microsoft.Extensions.Logging;

namespace Grid.Grains.Shards;

/// <summary>Log messages of the grains of shards.</summary>
internal static partial class Log
{
    [LoggerMessage(2600, LogLevel.Debug, "{Rank} did not reserve room for the streams of {Leaving}")]
    public static partial void NoRoom(this ILogger logger, Exception error, RankId rank, RankId leaving);
}
