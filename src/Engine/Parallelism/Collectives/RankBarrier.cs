using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Grid.Engine.Parallelism.Collectives;

/// <summary>
/// Where threads of a group wait for each other. A waiting thread spins a moment, because ranks usually arrive together, then blocks:
/// an idle group costs nothing.
/// </summary>
internal sealed class RankBarrier(IReadOnlyList<string> names, TimeSpan timeout)
{
    private static readonly long SpinTicks = Stopwatch.Frequency * 50 / 1_000_000;

    private readonly PaddedCounter[] _arrived = new PaddedCounter[names.Count];
    private readonly object _gate = new();
    private int _waiters;
    private volatile Failure? _failure;

    /// <summary>How long a rank waits for another.</summary>
    public TimeSpan Timeout { get; } = timeout;

    /// <summary>Ends all waits, now and later.</summary>
    public void Fail(int rank, Exception? cause)
    {
        lock (_gate)
        {
            _failure ??= new Failure(rank, cause);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Returns when all ranks have arrived as often as this one.</summary>
    /// <exception cref="CollectiveException">They did not.</exception>
    public void Arrive(int rank, string operation, long step)
    {
        var target = _arrived[rank].Value + 1;
        Volatile.Write(ref _arrived[rank].Value, target);
        // Either this rank sees who waits, or who waits sees this rank.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiters) > 0)
            lock (_gate) Monitor.PulseAll(_gate);

        var start = Stopwatch.GetTimestamp();
        while (!AllArrived(target))
        {
            ThrowIfFailed(operation, step);
            if (Stopwatch.GetTimestamp() - start < SpinTicks) Thread.SpinWait(16);
            else Block(target, operation, step, start);
        }
    }

    private void Block(long target, string operation, long step, long start)
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _waiters);
            try
            {
                while (!AllArrived(target))
                {
                    ThrowIfFailed(operation, step);
                    var left = Timeout - Stopwatch.GetElapsedTime(start);
                    if (left <= TimeSpan.Zero) throw TimedOut(target, operation, step);
                    Monitor.Wait(_gate, left);
                }
            }
            finally
            {
                Interlocked.Decrement(ref _waiters);
            }
        }
    }

    private bool AllArrived(long target)
    {
        for (var rank = 0; rank < _arrived.Length; rank++)
            if (Volatile.Read(ref _arrived[rank].Value) < target) return false;
        return true;
    }

    private void ThrowIfFailed(string operation, long step)
    {
        if (_failure is { } failure) throw CollectiveException.Broken(operation, step, names[failure.Rank], failure.Cause);
    }

    private CollectiveException TimedOut(long target, string operation, long step) =>
        CollectiveException.TimedOut(operation, step, Timeout, [.. names.Where((_, rank) => Volatile.Read(ref _arrived[rank].Value) < target)]);

    private sealed record Failure(int Rank, Exception? Cause);

    // A cache line and its neighbour: every rank writes its counter while the others read theirs.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct PaddedCounter
    {
        public long Value;
    }
}
