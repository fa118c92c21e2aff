namespace Grid.Gateway.Tables;

internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Debug, "A report to the grid was lost")]
    public static partial void ReportLost(this ILogger logger, Exception exception);

    [LoggerMessage(4001, LogLevel.Information, "Grid reachable again")]
    public static partial void GridReachable(this ILogger logger);

    [LoggerMessage(4002, LogLevel.Warning, "Grid unreachable; keeping the last routing table")]
    public static partial void GridUnreachable(this ILogger logger, Exception exception);
}
