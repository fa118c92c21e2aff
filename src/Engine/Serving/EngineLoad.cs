namespace Grid.Engine.Serving;

/// <summary>Counts after a step, all of one moment.</summary>
internal readonly record struct EngineLoad(
    int Running, int Preempted, long PreemptedTokens, int FreeBlocks, int CachedBlocks, int UsedBlocks, long Step, long Preemptions,
    long FirstTokens, double SecondsToFirstTokens)
{
    public EngineStatus ToStatus(RequestRegistry registry, bool draining, string? failure, string? waits = null) =>
        new(Running, registry.NumQueued + Preempted, FreeBlocks, CachedBlocks, UsedBlocks, Step, Preemptions, draining, failure,
            registry.NumQueuedTokens + PreemptedTokens, FirstTokens, SecondsToFirstTokens, waits);
}
