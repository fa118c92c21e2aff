using Grid.Engine.Serving;

namespace Grid.Silo.Ranks;

/// <summary>
/// Detects an engine that has work and makes no progress: neither a step nor a layer of one. Each probe reads the counters; nothing runs
/// in between.
/// </summary>
internal sealed class EngineWatch(TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private (long Step, long Progress) _seen;
    private long? _busySince;

    /// <summary>For how long the engine has been seen at work without progress; zero where it moves or rests.</summary>
    public TimeSpan InSameStep(EngineStatus status)
    {
        lock (_gate)
        {
            var now = timeProvider.GetTimestamp();
            if (status.Running + status.Waiting == 0) _busySince = null;
            else if (_busySince is null || (status.Step, status.Progress) != _seen) _busySince = now;
            _seen = (status.Step, status.Progress);
            return _busySince is { } since ? timeProvider.GetElapsedTime(since, now) : TimeSpan.Zero;
        }
    }
}
