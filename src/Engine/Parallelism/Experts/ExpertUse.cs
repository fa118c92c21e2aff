using System.Diagnostics;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>What one attention rank sent to each expert shard, and how long its steps waited for lost ones. Safe to use from many threads.</summary>
/// <param name="shards">Expert parallel size.</param>
internal sealed class ExpertUse(int shards)
{
    private readonly long[] _rows = new long[shards];
    private readonly Lock _gate = new();
    private long _stalls;
    private long _stallTicks;
    private long _longestTicks;

    /// <summary>Expert parallel size.</summary>
    public int Shards => shards;

    /// <summary>Waits for lost shards.</summary>
    public long Stalls => Volatile.Read(ref _stalls);

    /// <summary>Their time together.</summary>
    public TimeSpan StallTime => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _stallTicks));

    /// <summary>The longest of them.</summary>
    public TimeSpan LongestStall => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _longestTicks));

    /// <summary>Numbers of <see cref="Drain"/>.</summary>
    public int Length => shards + 3;

    /// <summary>Rows that a shard was sent, those that were sent again included.</summary>
    public long RowsOf(int shard) => Volatile.Read(ref _rows[shard]);

    /// <summary>Counts rows.</summary>
    public void AddRows(int shard, int rows) => Interlocked.Add(ref _rows[shard], rows);

    /// <summary>Counts a wait.</summary>
    /// <param name="since">A timestamp of <see cref="Stopwatch"/>.</param>
    public void AddStall(long since)
    {
        var ticks = Stopwatch.GetTimestamp() - since;
        Add([1, ticks, ticks]);
    }

    /// <summary>Moves all counts out, for another process.</summary>
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

    /// <summary>Adds what another process moved out.</summary>
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
