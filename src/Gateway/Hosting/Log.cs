namespace Grid.Gateway.Hosting;

internal static partial class Log
{
    [LoggerMessage(2950, LogLevel.Warning, "The certificate {File} cannot be read again, the last one stays in use: {Error}")]
    public static partial void CertificateUnreadable(this ILogger logger, string file, string error);
}
