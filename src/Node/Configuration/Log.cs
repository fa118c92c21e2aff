namespace Grid.Node.Configuration;

internal static partial class Log
{
    [LoggerMessage(3900, LogLevel.Warning, "{File} is not in force yet ({Fault}); trying again")]
    public static partial void ConfigNotInForce(this ILogger logger, string file, string fault);

    [LoggerMessage(3901, LogLevel.Error, "{Fault}")]
    public static partial void ConfigFault(this ILogger logger, string fault);

    [LoggerMessage(3902, LogLevel.Information, "{File} is in force as version {Version}: {Message}")]
    public static partial void ConfigInForce(this ILogger logger, string file, long version, string message);

    [LoggerMessage(3903, LogLevel.Error, "{File} was refused: {Message}")]
    public static partial void ConfigRefused(this ILogger logger, string file, string message);

    [LoggerMessage(3904, LogLevel.Warning, "{Trouble}")]
    public static partial void ConfigTrouble(this ILogger logger, string trouble);
}
