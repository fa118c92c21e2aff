using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>Log messages of expert shards.</summary>
internal static partial class Log
{
    [LoggerMessage(1500, LogLevel.Information, "Experts of layer {Layer} moved: balancedness {Before:F2} -> {After:F2}")]
    public static partial void ExpertsMoved(this ILogger logger, int layer, double before, double after);

    [LoggerMessage(1501, LogLevel.Warning, "Experts were not moved")]
    public static partial void ExpertsNotMoved(this ILogger logger, Exception exception);
}
