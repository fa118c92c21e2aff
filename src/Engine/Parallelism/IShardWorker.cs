using Grid.Engine.Execution;
using Grid.Engine.Parallelism.Collectives;

namespace Grid.Engine.Parallelism;

/// <summary>A shard at work somewhere: on a thread, in a process, or on another node.</summary>
internal interface IShardWorker
{
    /// <summary>The loaded shard's facts; waits for it, or throws what the load failed with.</summary>
    ModelRunnerInfo Info { get; }

    /// <summary>Time spent on steps, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    long BusyTicks { get; }

    /// <summary>How much of them it spent on other shards.</summary>
    CollectiveTimes Times { get; }

    /// <summary>What it has waited for long: operation, step and rank. Null: nothing.</summary>
    string? Waits { get; }

    /// <summary>Reserves the KV cache.</summary>
    Task InitializeKVCache(int numBlocks);

    /// <summary>Has a step computed after those before. It is completed under the shard's number, unless the failure is told.</summary>
    void Post(StepInFlight step, int shard);

    /// <summary>Unloads the shard and waits for that.</summary>
    void Stop();
}
