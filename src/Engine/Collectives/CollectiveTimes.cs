using System.Diagnostics;

namespace Grid.Engine.Collectives;

/// <summary>
/// How much time a shard has spent on others: waiting, by operation, and copying and adding what was exchanged. In ticks of
/// <see cref="Stopwatch"/>; counted by the shard's thread, read by any.
/// </summary>
internal sealed class CollectiveTimes
{
    private static readonly string[] Names = ["all_reduce", "all_gather", "broadcast", "send", "receive", "expert_call"];

    private readonly long[] _ticks = new long[Count];

    /// <summary>How many numbers <see cref="CopyTo"/> writes.</summary>
    public static int Count => Names.Length + 1;

    /// <summary>Time spent on copying, adding and serializing.</summary>
    public long CopyTicks => Volatile.Read(ref _ticks[^1]);

    /// <summary>Time spent on waiting in an operation.</summary>
    public long WaitTicks(CollectiveOperation operation) => Volatile.Read(ref _ticks[(int)operation]);

    /// <summary>The wait in progress.</summary>
    public CollectiveWait Wait { get; } = new();

    /// <summary>An operation's name in metrics and messages: <c>all_reduce</c>.</summary>
    public static string NameOf(CollectiveOperation operation) => Names[(int)operation];

    /// <summary>Counts a wait that ends now.</summary>
    /// <returns>The current timestamp, from which to count what follows.</returns>
    public long Waited(CollectiveOperation operation, long since) => Waited(operation, since, Stopwatch.GetTimestamp());

    /// <summary>Counts a wait.</summary>
    /// <returns>The time at which it ended.</returns>
    public long Waited(CollectiveOperation operation, long since, long until) => Add((int)operation, since, until);

    /// <summary>Counts copying that ends now.</summary>
    /// <returns>The current timestamp, from which to count what follows.</returns>
    public long Copied(long since) => Add(Names.Length, since, Stopwatch.GetTimestamp());

    /// <summary>Writes all counts, to be sent to another process.</summary>
    public void CopyTo(Span<long> destination)
    {
        for (var i = 0; i < _ticks.Length; i++) destination[i] = Volatile.Read(ref _ticks[i]);
    }

    /// <summary>Replaces all counts by those of a shard in another process.</summary>
    public void Set(ReadOnlySpan<long> counts)
    {
        for (var i = 0; i < _ticks.Length; i++) Volatile.Write(ref _ticks[i], counts[i]);
    }

    // One thread counts, so no interlocked addition is needed.
    private long Add(int index, long since, long until)
    {
        Volatile.Write(ref _ticks[index], _ticks[index] + until - since);
        return until;
    }
}
