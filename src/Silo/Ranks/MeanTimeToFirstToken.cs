using Grid.Engine.Serving;

namespace Grid.Silo.Ranks;

/// <summary>The mean time to first token of the latest period, from an engine's counters.</summary>
internal sealed class MeanTimeToFirstToken(TimeProvider timeProvider)
{
    // A report's: several readers must not cut each other's periods short.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _since = timeProvider.GetTimestamp();
    private long _tokens;
    private double _seconds;
    private double _mean;

    /// <summary>The mean in seconds; 0 without a first token in the latest period.</summary>
    public double Read(EngineStatus status)
    {
        lock (_gate)
        {
            var now = timeProvider.GetTimestamp();
            if (timeProvider.GetElapsedTime(_since, now) < Period) return _mean;
            var tokens = status.FirstTokens - _tokens;
            _mean = tokens == 0 ? 0 : (status.SecondsToFirstTokens - _seconds) / tokens;
            (_since, _tokens, _seconds) = (now, status.FirstTokens, status.SecondsToFirstTokens);
            return _mean;
        }
    }
}
