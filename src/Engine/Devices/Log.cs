using Microsoft.Extensions.Logging;

namespace Grid.Engine.Devices;

internal static partial class Log
{
    [LoggerMessage(1600, LogLevel.Information, "dtype {DType} is slow on this CPU: using float32.")]
    public static partial void SlowType(this ILogger logger, string dType);
}
