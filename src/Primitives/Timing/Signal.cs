namespace Grid.Primitives.Timing;

/// <summary>
/// A lock whose holders can wait for a condition, until a deadline passes or a token is cancelled. Hold it with <c>lock</c> around every
/// access to the state that conditions read, and call <see cref="Notify"/> after each change to it.
/// </summary>
public sealed class Signal
{
    // How far apart two readings of a running clock may lie without a timer being late.
    private static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(1);

    // The longest time that the runtime's monitors and timers take.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>Makes all waiting threads look at their conditions again.</summary>
    public void Notify()
    {
        lock (this) Monitor.PulseAll(this);
    }

    /// <summary>
    /// Waits until a condition holds. The lock must be held; it is released during the wait, and held again at the return.
    /// </summary>
    /// <param name="state">Passed to the condition, which needs no closure then.</param>
    /// <param name="condition">Read under the lock.</param>
    /// <param name="deadline">When to give up.</param>
    /// <param name="cancellationToken">Ends the wait early.</param>
    /// <returns>False: the deadline passed, and the condition did not hold even then.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled before the condition held.</exception>
    public bool WaitUntil<TState>(
        TState state, Func<TState, bool> condition, Deadline deadline = default, CancellationToken cancellationToken = default)
    {
        if (condition(state)) return true;
        // Unregistered and not disposed: disposing would wait for a callback that waits for this lock.
        var registration = cancellationToken.UnsafeRegister(static signal => ((Signal)signal!).Notify(), this);
        ITimer? timer = null;
        try
        {
            while (!condition(state))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (deadline.HasPassed) return false;
                WaitOnce(deadline, ref timer);
            }

            return true;
        }
        finally
        {
            registration.Unregister();
            timer?.Dispose();
        }
    }

    private void WaitOnce(Deadline deadline, ref ITimer? timer)
    {
        // A monitor follows the system's clock by itself, without the cost of a timer.
        if (deadline.IsNever) Monitor.Wait(this);
        else if (deadline.Time == TimeProvider.System) Monitor.Wait(this, AtMost(deadline.Remaining));
        else if (Arm(deadline, ref timer)) Monitor.Wait(this);
    }

    /// <summary>Has a timer notify this when the deadline passes. It cannot do so before the lock is released.</summary>
    /// <returns>False: the deadline has passed.</returns>
    private bool Arm(Deadline deadline, ref ITimer? timer)
    {
        while (true)
        {
            var left = deadline.Remaining;
            if (left == TimeSpan.Zero) return false;
            timer ??= deadline.Time!.CreateTimer(
                static signal => ((Signal)signal!).Notify(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(AtMost(left), Timeout.InfiniteTimeSpan);
            // A clock that was moved in between would fire the timer too late by as much.
            if (left - deadline.Remaining < Resolution) return true;
        }
    }

    private static TimeSpan AtMost(TimeSpan wait) => wait < Longest ? wait : Longest;
}
