namespace Grid.Cluster.Hosting;

internal static partial class Log
{
    [LoggerMessage(3300, LogLevel.Warning, "The Orleans host stopped with a fault: {Reason}")]
    public static partial void HostStoppedWithFault(this ILogger logger, string reason);

    [LoggerMessage(3301, LogLevel.Error, "The cluster declared this silo dead; it leaves, and its streams resume on other nodes")]
    public static partial void DeclaredDead(this ILogger logger);

    [LoggerMessage(3302, LogLevel.Warning,
        "The store has lost this silo's membership; restarting its Orleans host, while streams and weights stay")]
    public static partial void MembershipLost(this ILogger logger);

    [LoggerMessage(3303, LogLevel.Information, "Rejoined the cluster as {Silo}")]
    public static partial void Rejoined(this ILogger logger, string silo);

    [LoggerMessage(3304, LogLevel.Warning, "The Orleans host did not start: {Reason}; trying again in {Seconds} s")]
    public static partial void HostNotStarted(this ILogger logger, string reason, double seconds);

    [LoggerMessage(3305, LogLevel.Warning, "The silo cannot continue: {Context}")]
    public static partial void FatalError(this ILogger logger, Exception? exception, string? context);

    [LoggerMessage(3306, LogLevel.Critical, "The silo's supervisor failed: the process ends with exit code 75")]
    public static partial void SupervisorFailed(this ILogger logger, Exception error);

    [LoggerMessage(3307, LogLevel.Error, "A change of the cluster client was not taken")]
    public static partial void ChangeNotTaken(this ILogger logger, Exception error);
}
