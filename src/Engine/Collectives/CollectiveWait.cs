namespace Grid.Engine.Collectives;

/// <summary>What a shard is waiting for at this moment. Written by the shard's thread, read by any.</summary>
internal sealed class CollectiveWait
{
    private CollectiveOperation _operation;
    private long _step;
    private string _shard = "";
    private TimeProvider _time = TimeProvider.System;
    private long _since;

    /// <summary>Notes that a wait has begun.</summary>
    /// <param name="operation">The operation that waits.</param>
    /// <param name="step">The engine step that is being computed.</param>
    /// <param name="shard">The shard that is waited for.</param>
    /// <param name="time">The clock that the wait follows.</param>
    /// <param name="since">The clock's timestamp at its beginning.</param>
    public void Begin(CollectiveOperation operation, long step, string shard, TimeProvider time, long since)
    {
        (_operation, _step, _shard, _time) = (operation, step, shard, time);
        // A clock may begin at 0, which stands for no wait.
        Volatile.Write(ref _since, since == 0 ? 1 : since);
    }

    /// <summary>Notes that the wait is over.</summary>
    public void End() => Volatile.Write(ref _since, 0);

    /// <summary>Operation, step and shard of a wait that has taken longer than that; null: there is none.</summary>
    public string? Describe(TimeSpan longerThan)
    {
        var since = Volatile.Read(ref _since);
        if (since == 0 || _time.GetElapsedTime(since) < longerThan) return null;
        var text = Describe(CollectiveTimes.NameOf(_operation), _step, _shard);
        return Volatile.Read(ref _since) == since ? text : null;
    }

    /// <summary>The text for a wait, the same wherever it is noticed.</summary>
    public static string Describe(string operation, long step, string shards) =>
        FormattableString.Invariant($"{operation} at step {step} is waiting for shard {shards}");
}
