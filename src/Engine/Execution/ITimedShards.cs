using Grid.Engine.Collectives;

namespace Grid.Engine.Execution;

/// <summary>A runner that knows what its shards wait for.</summary>
internal interface ITimedShards
{
    /// <summary>Each shard's name and times.</summary>
    IReadOnlyList<(string Shard, CollectiveTimes Times)> ShardTimes { get; }

    /// <summary>What the step in flight has waited for long: operation, step and rank. Null: nothing.</summary>
    string? Waits { get; }

    /// <summary>What all shards have spent on steps, in ticks of <see cref="System.Diagnostics.Stopwatch"/>, waits included.</summary>
    long BusyTicks { get; }
}
