using Grid.Engine.Collectives;
using Grid.Engine.Execution;

namespace Grid.Engine.Parallelism.Shards;

/// <summary>A running shard: on a thread, in a process, or on another node.</summary>
internal interface IShardWorker
{
    /// <summary>The facts of the loaded shard. Waits until it is loaded, and throws what loading failed with.</summary>
    ModelRunnerInfo Info { get; }

    /// <summary>Time spent on steps, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    long BusyTicks { get; }

    /// <summary>Rises within a step, with each layer; stays 0 for a shard of another process.</summary>
    long Progress => 0;

    /// <summary>The part of that time that was spent on other shards.</summary>
    CollectiveTimes Times { get; }

    /// <summary>What the shard has been waiting for a long time: operation, step and shard. Null: nothing.</summary>
    string? Waits { get; }

    /// <summary>Reserves the KV cache.</summary>
    Task ReserveKVCache(int numBlocks);

    /// <summary>Copies the shard's part of KV blocks out, between steps.</summary>
    /// <param name="blocks">Blocks that are committed.</param>
    /// <param name="tokens">Tokens of their sequence.</param>
    /// <returns>Their contents in the layout of the shard's <see cref="Info"/>.</returns>
    Task<byte[]> ExportKVBlocks(int[] blocks, int tokens);

    /// <summary>Copies the shard's part of KV blocks in, between steps.</summary>
    /// <param name="blocks">Blocks of the reservation.</param>
    /// <param name="contents">Their contents in the layout of the shard's <see cref="Info"/>.</param>
    Task ImportKVBlocks(int[] blocks, byte[] contents);

    /// <summary>
    /// Queues a step behind those before. The worker completes it under the shard's number, unless it reports a failure.
    /// </summary>
    void Post(StepInFlight step, int shard);

    /// <summary>Unloads the shard and waits for that.</summary>
    void Stop();
}
