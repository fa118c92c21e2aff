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
}
