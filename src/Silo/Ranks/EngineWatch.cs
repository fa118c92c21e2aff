using Grid.Engine.Serving;

namespace Grid.Silo.Ranks;

/// <summary>Detects an engine that has work and completes no step. Each probe reads the step counter; nothing runs in between.</summary>
internal sealed class EngineWatch(TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private long _step;
    private long? _busySince;

    /// <summary>For how long the engine has been seen at work in the same step; zero where it moves or rests.</summary>
    public TimeSpan InSameStep(EngineStatus status)
    {
        lock (_gate)
        {
            var now = timeProvider.GetTimestamp();
            if (status.Running + status.Waiting == 0) _busySince = null;
            else if (_busySince is null || status.Step != _step) _busySince = now;
            _step = status.Step;
            return _busySince is { } since ? timeProvider.GetElapsedTime(since, now) : TimeSpan.Zero;
        }
    }
}
