
namespace Grid.Silo.Devices;

internal static partial class Log
{
    [LoggerMessage(2400, LogLevel.Information, "Devices: {Devices}")]
    public static partial void DevicesFound(this ILogger logger, string devices);
}
