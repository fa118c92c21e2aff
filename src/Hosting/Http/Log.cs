namespace Grid.Hosting.Http;

internal static partial class Log
{
    [LoggerMessage(3500, LogLevel.Error, "Response aborted")]
    public static partial void ResponseAborted(this ILogger logger, Exception exception);

    [LoggerMessage(3501, LogLevel.Error, "A request failed")]
    public static partial void RequestFailed(this ILogger logger, Exception exception);
}
