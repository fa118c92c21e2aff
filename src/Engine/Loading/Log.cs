using Microsoft.Extensions.Logging;

namespace Grid.Engine.Loading;

internal static partial class Log
{
    [LoggerMessage(1610, LogLevel.Information, "{Folder} has no tokenizer: a token is a byte")]
    public static partial void ByteTokens(this ILogger logger, string folder);

    [LoggerMessage(1611, LogLevel.Warning, "The model's chat template cannot be used: {Reason}")]
    public static partial void ChatTemplateUnusable(this ILogger logger, string reason);
}
