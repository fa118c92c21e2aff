namespace Grid.Cluster.Joining;

internal static partial class Log
{
    [LoggerMessage(3200, LogLevel.Warning,
        "{Reason} The node starts with its certificate, valid until {Expires:u}, and the last known terms of the grid")]
    public static partial void StartingWithSavedMembership(this ILogger logger, string reason, DateTimeOffset expires);

    [LoggerMessage(3201, LogLevel.Warning, "Waiting for the head at {Head}, which does not answer; it is asked again until {End:u}")]
    public static partial void WaitingForHead(this ILogger logger, string head, DateTimeOffset end);

    [LoggerMessage(3202, LogLevel.Debug, "{Reason}; asking again")]
    public static partial void AskingHeadAgain(this ILogger logger, string reason);

    [LoggerMessage(3203, LogLevel.Information, "Admitted {Name} at {Address} as {Roles}, by {Proof}, from {Peer}.")]
    public static partial void NodeAdmitted(this ILogger logger, string name, string address, string roles, string proof, object? peer);

    [LoggerMessage(3204, LogLevel.Warning, "Refused to let {Peer} join ({Fault}): {Reason}")]
    public static partial void JoinRefused(this ILogger logger, object? peer, JoinFault fault, string reason);
}
