namespace Grid.Silo.OpenAI.Requests;

internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Warning, "Ignored unknown request fields: {Fields}")]
    public static partial void IgnoredUnknownFields(this ILogger logger, string fields);
}
