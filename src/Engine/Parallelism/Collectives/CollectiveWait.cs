using System.Diagnostics;

namespace Grid.Engine.Parallelism.Collectives;

/// <summary>What a shard waits for at this moment. Written by the shard's thread, read by any.</summary>
internal sealed class CollectiveWait
{
    private CollectiveOperation _operation;
    private long _step;
    private string _rank = "";
    private long _since;

    /// <summary>A wait goes on.</summary>
    /// <param name="operation">In which.</param>
    /// <param name="step">Of the rank.</param>
    /// <param name="rank">For whom.</param>
    /// <param name="since">When it began, by <see cref="Stopwatch"/>.</param>
    public void Begin(CollectiveOperation operation, long step, string rank, long since)
    {
        (_operation, _step, _rank) = (operation, step, rank);
        Volatile.Write(ref _since, since);
    }

    /// <summary>It is over.</summary>
    public void End() => Volatile.Write(ref _since, 0);

    /// <summary>Operation, step and rank of a wait that has taken longer than that; null: there is none.</summary>
    public string? Describe(TimeSpan longerThan)
    {
        var since = Volatile.Read(ref _since);
        if (since == 0 || Stopwatch.GetElapsedTime(since) < longerThan) return null;
        var text = Describe(CollectiveTimes.NameOf(_operation), _step, _rank);
        return Volatile.Read(ref _since) == since ? text : null;
    }

    /// <summary>In the words of all who tell of a wait.</summary>
    public static string Describe(string operation, long step, string ranks) => FormattableString.Invariant($"{operation} step {step} waits for rank {ranks}");
}
