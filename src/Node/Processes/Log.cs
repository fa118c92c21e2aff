namespace Grid.Node.Processes;

internal static partial class Log
{
    [LoggerMessage(3800, LogLevel.Information, "Listening on {Url}; /readyz is 200 when a model answers")]
    public static partial void Listening(this ILogger logger, string url);

    [LoggerMessage(3801, LogLevel.Information, "Stopping: running requests may take {Seconds}s to end (--shutdown-timeout)")]
    public static partial void Stopping(this ILogger logger, double seconds);

    [LoggerMessage(3802, LogLevel.Information, "Handed over {Requests}")]
    public static partial void HandedOver(this ILogger logger, string requests);

    [LoggerMessage(3803, LogLevel.Warning, "{Requests} cut")]
    public static partial void RequestsCut(this ILogger logger, string requests);
}
