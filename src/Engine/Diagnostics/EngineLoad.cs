namespace Grid.Engine.Diagnostics;

/// <summary>Counts after a step, all of one moment.</summary>
internal readonly record struct EngineLoad(int Running, int Preempted, int FreeBlocks, int CachedBlocks, int UsedBlocks, long Step, long Preemptions)
{
    public EngineStatus ToStatus(int queued, bool draining, string? failure) =>
        new(Running, queued + Preempted, FreeBlocks, CachedBlocks, UsedBlocks, Step, Preemptions, draining, failure);
}
