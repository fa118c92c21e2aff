using Grid.Engine.Collectives;
using Grid.Engine.Experts;

namespace Grid.Engine.Execution;

/// <summary>What a runner knows of its own work, for metrics and for reports of long waits. May be read on any thread.</summary>
internal interface IRunnerTelemetry
{
    /// <summary>Each shard's name within the rank and its times; empty where nothing is measured.</summary>
    IReadOnlyList<(string Shard, CollectiveTimes Times)> ShardTimes { get; }

    /// <summary>What the step in flight has been waiting for a long time: operation, step and shard. Null: nothing.</summary>
    string? Waits { get; }

    /// <summary>Rises while a step is being computed, with each layer, as far as shards of this process tell.</summary>
    long Progress { get; }

    /// <summary>What all shards have spent on steps, in ticks of <see cref="System.Diagnostics.Stopwatch"/>, waits included.</summary>
    long BusyTicks { get; }

    /// <summary>
    /// Share of the shards' time that they were idle while steps were in flight, 0 to 1, since the start; null: there is one shard.
    /// </summary>
    double? BubbleShare { get; }

    /// <summary>What was asked of expert shards; null: the model has all its experts itself.</summary>
    ExpertUsage? ExpertUsage { get; }
}
