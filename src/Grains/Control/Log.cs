using Microsoft.Extensions.Logging;

namespace Grid.Grains.Control;

/// <summary>Log messages of the controller.</summary>
internal static partial class Log
{
    [LoggerMessage(2500, LogLevel.Information, "This silo controls the grid, from epoch {Epoch} on")]
    public static partial void Controlling(this ILogger logger, long epoch);

    [LoggerMessage(2501, LogLevel.Warning, "The grid could not carry out a decision")]
    public static partial void DecisionFailed(this ILogger logger, Exception error);

    [LoggerMessage(2502, LogLevel.Debug, "No answer from the grain of model {Model}")]
    public static partial void NoAnswer(this ILogger logger, Exception error, string model);

    [LoggerMessage(2503, LogLevel.Debug, "No answer from the grain of replica {Replica}")]
    public static partial void NoAnswer(this ILogger logger, Exception error, ReplicaId replica);
}
