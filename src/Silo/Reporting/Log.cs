namespace Grid.Silo.Reporting;

internal static partial class Log
{
    [LoggerMessage(2300, LogLevel.Debug, "The node report could not be sent")]
    public static partial void ReportNotSent(this ILogger logger, Exception exception);

    [LoggerMessage(2301, LogLevel.Debug, "The grid could not be asked for the sources of its models")]
    public static partial void SourcesNotRead(this ILogger logger, Exception exception);
}
