using Microsoft.Extensions.Logging;

namespace Grid.Cli.Loading;

internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Information, "{Phase}")]
    public static partial void LoadPhase(this ILogger logger, string phase);

    [LoggerMessage(5001, LogLevel.Information, "{Phase} ({Size})")]
    public static partial void SizedLoadPhase(this ILogger logger, string phase, string size);
}
