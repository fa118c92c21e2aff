using System.Diagnostics;

namespace Grid.Engine.Experts;

/// <summary>
/// Counts the rows that one attention rank has sent to each expert shard, and the waits of its steps for lost ones. Safe to use from many
/// threads.
/// </summary>
/// <param name="shards">The expert parallel size: the number of expert shards; 1 without expert parallelism.</param>
internal sealed class ExpertUsage(int shards)
{
    private readonly long[] _rows = new long[shards];
    private readonly Lock _gate = new();
    private long _stalls;
    private long _stallTicks;
    private long _longestTicks;

    /// <summary>Expert parallel size.</summary>
    public int Shards => shards;

    /// <summary>The number of waits for lost shards.</summary>
    public long Stalls => Volatile.Read(ref _stalls);

    /// <summary>The total time of these waits.</summary>
    public TimeSpan StallTime => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _stallTicks));

    /// <summary>The longest of these waits.</summary>
    public TimeSpan LongestStall => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _longestTicks));

    /// <summary>How many numbers <see cref="Drain"/> writes.</summary>
    public int Length => shards + 3;

    /// <summary>The rows that a shard was sent, including those that were sent again.</summary>
    public long RowsOf(int shard) => Volatile.Read(ref _rows[shard]);

    /// <summary>Counts rows that are sent to a shard.</summary>
    public void AddRows(int shard, int rows) => Interlocked.Add(ref _rows[shard], rows);

    /// <summary>Counts a wait that ends now.</summary>
    /// <param name="since">When it began, by <see cref="Stopwatch"/>.</param>
    public void AddStall(long since)
    {
        var ticks = Stopwatch.GetTimestamp() - since;
        Add([1, ticks, ticks]);
    }

    /// <summary>Writes all counts, to be sent to another process, and resets them.</summary>
    public void Drain(Span<long> counts)
    {
        lock (_gate)
        {
            counts[0] = Interlocked.Exchange(ref _stalls, 0);
            counts[1] = Interlocked.Exchange(ref _stallTicks, 0);
            counts[2] = Interlocked.Exchange(ref _longestTicks, 0);
            for (var shard = 0; shard < shards; shard++) counts[3 + shard] = Interlocked.Exchange(ref _rows[shard], 0);
        }
    }

    /// <summary>Adds the counts that another process has written with <see cref="Drain"/>.</summary>
    public void Add(ReadOnlySpan<long> counts)
    {
        lock (_gate)
        {
            _stalls += counts[0];
            _stallTicks += counts[1];
            _longestTicks = Math.Max(_longestTicks, counts[2]);
        }

        for (var i = 3; i < counts.Length; i++) Interlocked.Add(ref _rows[i - 3], counts[i]);
    }
}
