namespace Grid.Hosting.Http;

internal static partial class Log
{
    [LoggerMessage(3500, LogLevel.Error, "Response aborted")]
    public static partial void ResponseAborted(this ILogger logger, Exception exception);

    [LoggerMessage(3502, LogLevel.Warning, "The API key file {File} cannot be read again, its last keys stay in force: {Error}")]
    public static partial void ApiKeyFileUnreadable(this ILogger logger, string file, string error);

    [LoggerMessage(3501, LogLevel.Error, "A request failed")]
    public static partial void RequestFailed(this ILogger logger, Exception exception);
}
