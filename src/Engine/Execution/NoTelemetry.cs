using Grid.Engine.Collectives;
using Grid.Engine.Experts;

namespace Grid.Engine.Execution;

/// <summary>The telemetry of a runner without shards.</summary>
internal sealed class NoTelemetry : IRunnerTelemetry
{
    /// <summary>The only one.</summary>
    public static NoTelemetry Instance { get; } = new();

    public IReadOnlyList<(string Shard, CollectiveTimes Times)> ShardTimes => [];

    public string? Waits => null;

    public long BusyTicks => 0;

    public double? BubbleShare => null;

    public ExpertUsage? ExpertUsage => null;
}
