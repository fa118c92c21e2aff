using Grid.Primitives.Timing;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Primitives.Tests.Timing;

public sealed class SignalTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly Signal _signal = new();
    private bool _flag;

    [Fact]
    public async Task WaitUntil_ConditionComesToHold_ReturnsTrue()
    {
        var waiter = Start(Deadline.After(_time, Limit));
        Set();

        Assert.True(await waiter);
    }

    [Fact]
    public async Task WaitUntil_DeadlineOfFakeTimePasses_ReturnsFalse()
    {
        var waiter = Start(Deadline.After(_time, Limit));
        _time.Advance(Limit - TimeSpan.FromTicks(1));
        Assert.False(waiter.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.False(await waiter);
    }

    [Fact]
    public async Task WaitUntil_DeadlineOfSystemTimePasses_ReturnsFalse() =>
        Assert.False(await Start(Deadline.After(TimeProvider.System, TimeSpan.FromMilliseconds(20))));

    [Fact]
    public void WaitUntil_DeadlinePassedAlready_LooksOnceMore()
    {
        var deadline = Deadline.After(_time, TimeSpan.Zero);
        var cancellation = TestContext.Current.CancellationToken;
        lock (_signal)
        {
            Assert.False(_signal.WaitUntil(this, static test => test._flag, deadline, cancellation));
            _flag = true;
            Assert.True(_signal.WaitUntil(this, static test => test._flag, deadline, cancellation));
        }
    }

    [Fact]
    public async Task WaitUntil_NotifiedWithoutTheCondition_GoesOnWaiting()
    {
        var waiter = Start(Deadline.Never);
        _signal.Notify();
        Assert.False(waiter.IsCompleted);
        Set();

        Assert.True(await waiter);
    }

    [Fact]
    public async Task WaitUntil_Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var waiter = Start(Deadline.Never, cancellation);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);
    }

    [Fact]
    public async Task WaitUntil_ManyThreads_AllWake()
    {
        var waiters = Enumerable.Range(0, 8).Select(_ => Start(Deadline.After(_time, Limit))).ToList();
        _time.Advance(Limit);

        Assert.All(await Task.WhenAll(waiters), Assert.False);
    }

    // Returns when the thread waits: it holds the lock until then.
    private Task<bool> Start(Deadline deadline, CancellationTokenSource? cancellation = null)
    {
        var entered = new TaskCompletionSource();
        var waiter = Task.Factory.StartNew(
            () =>
            {
                lock (_signal)
                {
                    entered.SetResult();
                    return _signal.WaitUntil(this, static test => test._flag, deadline, cancellation?.Token ?? CancellationToken.None);
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        entered.Task.Wait(CancellationToken.None);
        lock (_signal) return waiter;
    }

    private void Set()
    {
        lock (_signal) _flag = true;
        _signal.Notify();
    }
}
