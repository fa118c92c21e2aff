using Grid.Engine.Collectives;
using Grid.Engine.Experts;
using Grid.Engine.Steps;

namespace Grid.Engine.Execution;

/// <summary>The telemetry of a runner without shards.</summary>
/// <param name="progress">The progress of its steps; null where none is counted.</param>
internal sealed class NoTelemetry(StepProgress? progress = null) : IRunnerTelemetry
{
    /// <summary>That of a runner that counts no progress.</summary>
    public static NoTelemetry Instance { get; } = new();

    public long Progress => progress?.Ticks ?? 0;

    public IReadOnlyList<(string Shard, CollectiveTimes Times)> ShardTimes => [];

    public string? Waits => null;

    public long BusyTicks => 0;

    public double? BubbleShare => null;

    public ExpertUsage? ExpertUsage => null;
}
