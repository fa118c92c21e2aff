namespace Grid.Cluster.Store;

internal static partial class Log
{
    [LoggerMessage(3100, LogLevel.Warning, "The store at {Address} is slow to answer; asking again")]
    public static partial void StoreSlow(this ILogger logger, string address);

    [LoggerMessage(3101, LogLevel.Warning, "The store at {Address} does not answer: {Reason}")]
    public static partial void StoreSilent(this ILogger logger, string address, string reason);

    [LoggerMessage(3102, LogLevel.Warning, "The store at {Address} {What}; its incarnation is now {Incarnation}")]
    public static partial void StoreChanged(this ILogger logger, string address, string what, string? incarnation);

    [LoggerMessage(3103, LogLevel.Warning, "Lost connection to the store at {Address}: {Reason}")]
    public static partial void StoreConnectionLost(this ILogger logger, string address, StackExchange.Redis.ConnectionFailureType reason);

    [LoggerMessage(3104, LogLevel.Information, "Connected to the store at {Address} again")]
    public static partial void StoreConnectionRestored(this ILogger logger, string address);

    [LoggerMessage(3110, LogLevel.Error,
        "The embedded store refuses writes: {Error}. It is restarted when its folder can be written again")]
    public static partial void StoreRefusesWrites(this ILogger logger, string error);

    [LoggerMessage(3111, LogLevel.Warning, "The embedded store was restarted in place in {Seconds:0.0} s")]
    public static partial void StoreRestarted(this ILogger logger, double seconds);

    [LoggerMessage(3112, LogLevel.Critical, "The embedded store cannot be restarted in place: the process ends with exit code 74")]
    public static partial void StoreNotRestarted(this ILogger logger, Exception error);
}
