namespace Grid.Engine.Scheduling;

/// <summary>The limits of a step, checked.</summary>
internal sealed record SchedulerConfig(int MaxNumSeqs, int MaxNumBatchedTokens, bool EnableChunkedPrefill, SchedulingPolicy Policy, int NumStages = 1)
{
    /// <summary>Reads the engine's options.</summary>
    /// <exception cref="ModelLoadException">An option is out of range, or the options do not go together.</exception>
    public static SchedulerConfig From(EngineOptions options, int maxModelLen, int numStages = 1)
    {
        RequirePositive("--max-num-seqs", options.MaxNumSeqs);
        RequirePositive("--max-num-batched-tokens", options.MaxNumBatchedTokens);
        RequirePositive("--max-num-queued-reqs", options.MaxNumQueuedReqs);
        if (!options.EnableChunkedPrefill && options.MaxNumBatchedTokens < maxModelLen)
            throw Fault($"--max-num-batched-tokens ({options.MaxNumBatchedTokens}) must be at least the maximum length ({maxModelLen}) without "
                + "chunked prefill, or longer prompts could never run. Raise it, lower --max-model-len, or enable chunked prefill.");
        var policy = options.SchedulingPolicy switch
        {
            "fcfs" => SchedulingPolicy.Fcfs,
            "priority" => SchedulingPolicy.Priority,
            var other => throw Fault($"--scheduling-policy must be fcfs or priority and is {other}."),
        };

        // More sequences than tokens in a step would leave the last ones waiting for the first to end.
        return new(Math.Min(options.MaxNumSeqs, options.MaxNumBatchedTokens), options.MaxNumBatchedTokens, options.EnableChunkedPrefill, policy, numStages);
    }

    private static void RequirePositive(string flag, int value)
    {
        if (value < 1) throw Fault($"{flag} must be at least 1 and is {value}.");
    }

    private static ModelLoadException Fault(string message) => new(message, ModelLoadFault.Layout);
}
