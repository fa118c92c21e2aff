namespace Grid.Gateway.Admin;

internal static partial class Log
{
    [LoggerMessage(4300, LogLevel.Error, "An admin request failed")]
    public static partial void AdminRequestFailed(this ILogger logger, Exception exception);
}
