namespace Grid.Silo.DataPlane;

internal static partial class Log
{
    [LoggerMessage(2100, LogLevel.Information,
        "Shards on this host are linked over TCP: no Unix socket can be opened in {Folder}: {Reason}")]
    public static partial void LocalLinksOverTcp(this ILogger logger, string folder, string reason);

    [LoggerMessage(2101, LogLevel.Warning, "The data plane could not accept a link: {Reason}")]
    public static partial void LinkNotAccepted(this ILogger logger, string reason);

    [LoggerMessage(2102, LogLevel.Warning, "A data plane link from {Peer} was refused: {Reason}")]
    public static partial void LinkRefused(this ILogger logger, object? peer, string reason);
}
