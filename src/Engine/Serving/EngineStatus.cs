namespace Grid.Engine.Serving;

/// <summary>A snapshot of an engine's load.</summary>
/// <param name="Running">Requests in the running set.</param>
/// <param name="Waiting">Requests in the waiting queue.</param>
/// <param name="FreeBlocks">Blocks that hold nothing.</param>
/// <param name="CachedBlocks">Blocks without an owner that still hold a reusable prefix.</param>
/// <param name="UsedBlocks">Blocks that requests own.</param>
/// <param name="Step">Steps since the start; moves while there is work, else the engine is stuck.</param>
/// <param name="Preemptions">Preemptions since the start.</param>
/// <param name="Draining">Whether new work is refused.</param>
/// <param name="Failure">Why the engine's thread ended, or null while it lives.</param>
/// <param name="QueuedTokens">Tokens that waiting requests have to compute before they draw.</param>
/// <param name="FirstTokens">Requests that gave their first token, since the start.</param>
/// <param name="SecondsToFirstTokens">The time that these took from their submission, in all.</param>
/// <param name="Waits">What the step in flight has waited for longer than a third of the collective timeout: <c>all_reduce at step 812 is
/// waiting for shard tp1 (node-b)</c>.</param>
/// <param name="Progress">Rises within a step, with each layer; moves with <paramref name="Step"/> while there is work.</param>
public sealed record EngineStatus(
    int Running, int Waiting, int FreeBlocks, int CachedBlocks, int UsedBlocks, long Step, long Preemptions, bool Draining, string? Failure,
    long QueuedTokens = 0, long FirstTokens = 0, double SecondsToFirstTokens = 0, string? Waits = null, long Progress = 0)
{
    /// <summary>Share of the KV cache that requests own, 0 to 1.</summary>
    public double KVCacheUsage => UsedBlocks == 0 ? 0 : (double)UsedBlocks / (FreeBlocks + CachedBlocks + UsedBlocks);
}
