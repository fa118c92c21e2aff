using System.Diagnostics;

namespace Grid.TestUtilities.Load;

/// <summary>When the events of a stream came.</summary>
internal sealed class EventTimes
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private long? _last;

    public TimeSpan First { get; private set; }

    public TimeSpan Longest { get; private set; }

    public bool HasBegun => _last is not null;

    /// <summary>An event came.</summary>
    /// <returns>Whether it is the first.</returns>
    public bool Note()
    {
        var now = Stopwatch.GetTimestamp();
        var isFirst = _last is null;
        if (_last is { } last) Longest = TimeSpan.FromTicks(Math.Max(Longest.Ticks, Stopwatch.GetElapsedTime(last, now).Ticks));
        else First = Stopwatch.GetElapsedTime(_start, now);
        _last = now;
        return isFirst;
    }
}
