using Microsoft.Extensions.Logging;

namespace Grid.Engine.Execution;

internal static partial class Log
{
    [LoggerMessage(1620, LogLevel.Information, "The eager runner is not batch-invariant: a token's bits may depend on the batch.")]
    public static partial void NotBatchInvariant(this ILogger logger);
}
