namespace Grid.Engine.Parallelism;

/// <summary>Where shards run (<c>--distributed-executor-backend</c>).</summary>
internal interface IShardBackend : IDisposable
{
    /// <summary>One a shard, tensor fastest, for errors.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Starts all shards of a rank, tensor fastest.</summary>
    /// <param name="failed">Told of the first failure of each.</param>
    IShardWorker[] Start(Action<Exception> failed);
}
