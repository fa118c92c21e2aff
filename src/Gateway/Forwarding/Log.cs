namespace Grid.Gateway.Forwarding;

internal static partial class Log
{
    [LoggerMessage(4200, LogLevel.Information, "Request {Id} left {Rank} on {Node} ({Result}) at attempt {Attempt} after {Tokens} tokens")]
    public static partial void RequestLeftRank(
        this ILogger logger, string id, string rank, string node, string result, int attempt, long tokens);
}
