namespace Grid.Primitives.Timing;

/// <summary>A point in time by which something has to have happened. The default value never passes.</summary>
public readonly struct Deadline
{
    private readonly TimeProvider? _time;
    private readonly long _start;
    private readonly TimeSpan _limit;

    private Deadline(TimeProvider time, long start, TimeSpan limit) => (_time, _start, _limit) = (time, start, limit);

    /// <summary>A deadline that never passes.</summary>
    public static Deadline Never => default;

    /// <summary>Whether it never passes.</summary>
    public bool IsNever => _time is null;

    /// <summary>Whether the time is up.</summary>
    public bool HasPassed => _time is not null && Remaining == TimeSpan.Zero;

    /// <summary>
    /// The time left: zero once the deadline has passed, <see cref="Timeout.InfiniteTimeSpan"/> if it never passes, as waits take it.
    /// </summary>
    public TimeSpan Remaining
    {
        get
        {
            if (_time is null) return Timeout.InfiniteTimeSpan;
            var left = _limit - _time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    internal TimeProvider? Time => _time;

    /// <summary>Starts a deadline now.</summary>
    /// <param name="time">The clock that it follows.</param>
    /// <param name="limit">How far away it is; <see cref="Timeout.InfiniteTimeSpan"/> gives one that never passes.</param>
    public static Deadline After(TimeProvider time, TimeSpan limit) =>
        limit == Timeout.InfiniteTimeSpan ? default : new(time, time.GetTimestamp(), limit);

    /// <summary>This deadline, or one that starts now if that passes sooner.</summary>
    /// <param name="time">The clock of the other one.</param>
    /// <param name="limit">How far away the other one is.</param>
    public Deadline OrAfter(TimeProvider time, TimeSpan limit) => IsNever || Remaining > limit ? After(time, limit) : this;
}
