using Microsoft.Extensions.Logging;

namespace Grid.Engine.Serving;

internal static partial class Log
{
    // Both numbers are formatted by the caller: a logger's own culture must not change the separators.
    [LoggerMessage(1630, LogLevel.Information, "GPU KV cache size: {Tokens} tokens")]
    public static partial void KVCacheSize(this ILogger logger, string tokens);

    [LoggerMessage(1631, LogLevel.Information, "Maximum concurrency for {Length} tokens per request: {Concurrency}x")]
    public static partial void MaximumConcurrency(this ILogger logger, string length, string concurrency);

    [LoggerMessage(1632, LogLevel.Critical, "The engine failed; all its requests end with an error")]
    public static partial void EngineFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1633, LogLevel.Information,
        "Default sampling parameters of generation_config.json: {Defaults} (--generation-config vllm ignores them)")]
    public static partial void DefaultSamplingParameters(this ILogger logger, string defaults);
}
