using Grid.Engine.Scheduling;
using Grid.Engine.Steps;

namespace Grid.Engine.Simulation;

/// <summary>Makes steps last as long as on the device that is simulated.</summary>
internal sealed class StepClock(SimOptions options, TimeProvider timeProvider)
{
    // A long step shows progress as one of a real model does with each layer.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private long _due;

    /// <summary>Ticks while a step lasts.</summary>
    public StepProgress Progress { get; } = new();

    /// <summary>Returns when the step would be done. What a timer oversleeps is taken from the steps that follow at once.</summary>
    public void Wait(SchedulerOutput step)
    {
        var duration = Duration(step);
        if (duration == TimeSpan.Zero) return;
        var now = timeProvider.GetTimestamp();
        var late = timeProvider.GetElapsedTime(_due, now);
        var start = late < duration ? _due : now;
        _due = start + (long)(duration.TotalSeconds * timeProvider.TimestampFrequency);
        while (timeProvider.GetElapsedTime(timeProvider.GetTimestamp(), _due) is { Ticks: > 0 } left)
        {
            Task.Delay(left < Tick ? left : Tick, timeProvider).GetAwaiter().GetResult();
            Progress.Tick();
        }
    }

    /// <summary>A fixed part, a part for each decoding sequence, and the prompt tokens at the prefill rate.</summary>
    public TimeSpan Duration(SchedulerOutput step)
    {
        var (sequences, promptTokens) = (0, 0);
        foreach (var scheduled in step.Scheduled)
            if (scheduled.NumScheduledTokens == 1) sequences++;
            else promptTokens += scheduled.NumScheduledTokens;
        return options.Step + options.StepPerSequence * sequences + TimeSpan.FromSeconds(promptTokens / options.PrefillTokensPerSecond);
    }
}
