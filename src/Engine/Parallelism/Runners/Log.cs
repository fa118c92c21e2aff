using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Runners;

/// <summary>Log messages of parallel runners.</summary>
internal static partial class Log
{
    [LoggerMessage(1530, LogLevel.Information, "Pipeline layers: {Layers}")]
    public static partial void PipelineLayers(this ILogger logger, string layers);
}
