using System.Diagnostics;
using System.Runtime.InteropServices;
using Grid.Primitives.Timing;

namespace Grid.Engine.Collectives;

/// <summary>
/// Where the threads of a group's members wait for each other. A waiting thread spins for a moment, because members usually arrive
/// together, and then blocks, so that an idle group costs nothing.
/// </summary>
/// <param name="names">The members' names in the order of their indexes, for errors.</param>
/// <param name="timeout">How long a member waits for the others.</param>
/// <param name="time">The clock that waits follow.</param>
internal sealed class GroupBarrier(IReadOnlyList<string> names, TimeSpan timeout, TimeProvider time)
{
    private static readonly long SpinTicks = Stopwatch.Frequency * 50 / 1_000_000;

    private readonly PaddedCounter[] _arrived = new PaddedCounter[names.Count];
    private readonly Signal _signal = new();
    private int _waiters;
    private volatile Failure? _failure;

    /// <summary>How long a member waits for another.</summary>
    public TimeSpan Timeout { get; } = timeout;

    /// <summary>The deadline of a wait that begins now.</summary>
    public Deadline NewDeadline() => Deadline.After(time, Timeout);

    /// <summary>Ends all waits, present and future.</summary>
    public void Fail(int index, Exception? cause)
    {
        lock (_signal) _failure ??= new Failure(index, cause);
        _signal.Notify();
    }

    /// <summary>Returns when all members have arrived as often as this one.</summary>
    /// <exception cref="CollectiveException">They did not arrive in time, or one of them failed.</exception>
    public void Arrive(int index, string operation, long step)
    {
        var target = _arrived[index].Value + 1;
        Volatile.Write(ref _arrived[index].Value, target);
        // Either this member sees who waits, or who waits sees this member.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiters) > 0) _signal.Notify();

        var (start, deadline) = (Stopwatch.GetTimestamp(), NewDeadline());
        while (!AllArrived(target))
        {
            ThrowIfFailed(operation, step);
            if (Stopwatch.GetTimestamp() - start < SpinTicks) Thread.SpinWait(16);
            else if (!Block(target, deadline)) throw TimedOut(target, operation, step);
        }
    }

    /// <summary>Returns when all have arrived or one has failed; false when the deadline passes first.</summary>
    private bool Block(long target, Deadline deadline)
    {
        lock (_signal)
        {
            Interlocked.Increment(ref _waiters);
            try
            {
                return _signal.WaitUntil(
                    (Barrier: this, Target: target),
                    static wait => wait.Barrier._failure is not null || wait.Barrier.AllArrived(wait.Target),
                    deadline);
            }
            finally
            {
                Interlocked.Decrement(ref _waiters);
            }
        }
    }

    private bool AllArrived(long target)
    {
        for (var index = 0; index < _arrived.Length; index++)
            if (Volatile.Read(ref _arrived[index].Value) < target) return false;
        return true;
    }

    private void ThrowIfFailed(string operation, long step)
    {
        if (_failure is { } failure) throw CollectiveException.Broken(operation, step, names[failure.Index], failure.Cause);
    }

    private CollectiveException TimedOut(long target, string operation, long step) => CollectiveException.TimedOut(
        operation, step, Timeout, [.. names.Where((_, index) => Volatile.Read(ref _arrived[index].Value) < target)]);

    private sealed record Failure(int Index, Exception? Cause);

    // A cache line and its neighbour: every member writes its counter while the others read theirs.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct PaddedCounter
    {
        public long Value;
    }
}
