namespace Grid.Gateway.Routing;

internal static partial class Log
{
    [LoggerMessage(4100, LogLevel.Warning, "Unknown routing policy '{Policy}'; using {Default}")]
    public static partial void UnknownRoutingPolicy(this ILogger logger, string policy, string @default);
}
