using Grid.Engine.Scheduling;

namespace Grid.Engine.Simulation;

/// <summary>Makes steps last as long as on the device that is simulated.</summary>
internal sealed class StepClock(SimOptions options, TimeProvider timeProvider)
{
    private long _due;

    /// <summary>Returns when the step would be done. What a timer oversleeps is taken from the steps that follow at once.</summary>
    public void Wait(SchedulerOutput step)
    {
        var duration = Duration(step);
        if (duration == TimeSpan.Zero) return;
        var now = timeProvider.GetTimestamp();
        var late = timeProvider.GetElapsedTime(_due, now);
        var start = late < duration ? _due : now;
        _due = start + (long)(duration.TotalSeconds * timeProvider.TimestampFrequency);
        var left = timeProvider.GetElapsedTime(now, _due);
        if (left > TimeSpan.Zero) Task.Delay(left, timeProvider).GetAwaiter().GetResult();
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
