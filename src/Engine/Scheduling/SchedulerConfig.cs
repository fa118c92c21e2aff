using Grid.Engine.Configuration;

namespace Grid.Engine.Scheduling;

/// <summary>The limits of a step, checked.</summary>
internal sealed record SchedulerConfig(int MaxNumSeqs, int MaxNumBatchedTokens, bool EnableChunkedPrefill, SchedulingPolicy Policy,
    int NumStages = 1)
{
    /// <summary>Reads the engine's options.</summary>
    /// <exception cref="ModelLoadException">The options cannot be combined.</exception>
    public static SchedulerConfig From(EngineOptions options, int maxModelLen, int numStages = 1)
    {
        if (!options.EnableChunkedPrefill && options.MaxNumBatchedTokens < maxModelLen)
            throw Fault(
                $"--max-num-batched-tokens ({options.MaxNumBatchedTokens}) must be at least the maximum length ({maxModelLen}) without "
                + "chunked prefill, or longer prompts could never run. Raise it, lower --max-model-len, or enable chunked prefill.");
        // More sequences than tokens in a step would leave the last ones waiting for the first to end.
        return new(Math.Min(options.MaxNumSeqs, options.MaxNumBatchedTokens), options.MaxNumBatchedTokens, options.EnableChunkedPrefill,
            options.SchedulingPolicy, numStages);
    }

    private static ModelLoadException Fault(string message) => new(message, ModelLoadFault.Layout);
}
