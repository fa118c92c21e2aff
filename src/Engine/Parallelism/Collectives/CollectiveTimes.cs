using System.Diagnostics;

namespace Grid.Engine.Parallelism.Collectives;

/// <summary>
/// What a shard has spent on others: its waits by operation, and the copying and adding of what was exchanged. In ticks of
/// <see cref="Stopwatch"/>; counted by the shard's thread, read by any.
/// </summary>
internal sealed class CollectiveTimes
{
    private static readonly string[] Names = ["all_reduce", "all_gather", "broadcast", "send", "receive", "expert_call"];

    private readonly long[] _ticks = new long[Count];

    /// <summary>Numbers that <see cref="CopyTo"/> writes.</summary>
    public static int Count => Names.Length + 1;

    /// <summary>Spent on copying, adding and serializing.</summary>
    public long CopyTicks => Volatile.Read(ref _ticks[^1]);

    /// <summary>Spent on waiting for an operation.</summary>
    public long WaitTicks(CollectiveOperation operation) => Volatile.Read(ref _ticks[(int)operation]);

    /// <summary>The wait that goes on now.</summary>
    public CollectiveWait Wait { get; } = new();

    /// <summary>What people see of an operation: <c>all_reduce</c>.</summary>
    public static string NameOf(CollectiveOperation operation) => Names[(int)operation];

    /// <summary>Counts a wait that ends now.</summary>
    /// <returns>Now, when what follows begins.</returns>
    public long Waited(CollectiveOperation operation, long since) => Waited(operation, since, Stopwatch.GetTimestamp());

    /// <summary>Counts a wait.</summary>
    /// <returns>When it ended.</returns>
    public long Waited(CollectiveOperation operation, long since, long until) => Add((int)operation, since, until);

    /// <summary>Counts copying that ends now.</summary>
    /// <returns>Now, when what follows begins.</returns>
    public long Copied(long since) => Add(Names.Length, since, Stopwatch.GetTimestamp());

    /// <summary>All counts, to be sent.</summary>
    public void CopyTo(Span<long> destination)
    {
        for (var i = 0; i < _ticks.Length; i++) destination[i] = Volatile.Read(ref _ticks[i]);
    }

    /// <summary>Takes the counts of a shard elsewhere.</summary>
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
