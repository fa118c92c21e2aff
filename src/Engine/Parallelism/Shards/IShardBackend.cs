namespace Grid.Engine.Parallelism.Shards;

/// <summary>Where the shards of a rank run (<c>--distributed-executor-backend</c>).</summary>
internal interface IShardBackend : IDisposable
{
    /// <summary>The names of all shards, tensor index fastest, for errors.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Starts all shards of a rank, tensor index fastest.</summary>
    /// <param name="failed">Called with the first failure of each shard.</param>
    IShardWorker[] Start(Action<Exception> failed);
}
