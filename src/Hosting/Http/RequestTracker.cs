namespace Grid.Hosting.Http;

/// <summary>Counts the requests in flight, so that a server can drain: refuse new ones, wait, and cut those that are left.</summary>
public sealed class RequestTracker : IDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _idle;
    private CancellationTokenSource _cut = new();
    private string? _cutReason;
    private int _count;
    private bool _accepting = true;

    /// <summary>Whether new requests are counted; false: they are refused.</summary>
    public bool Accepting
    {
        get
        {
            lock (_gate) return _accepting;
        }
        set
        {
            lock (_gate) _accepting = value;
        }
    }

    /// <summary>Number of requests in flight.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Counts a request until it is disposed; null where new requests are refused.</summary>
    public TrackedRequest? TryEnter()
    {
        lock (_gate)
        {
            if (!_accepting) return null;
            _count++;
            return new TrackedRequest(this, _cut.Token);
        }
    }

    /// <summary>Completes when no request is in flight.</summary>
    public Task WhenIdle()
    {
        lock (_gate)
        {
            if (_count == 0) return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Cancels <see cref="TrackedRequest.Cut"/> of every request in flight; later requests are not affected.</summary>
    /// <param name="reason">Becomes <see cref="TrackedRequest.CutReason"/>.</param>
    /// <returns>How many requests there were.</returns>
    public int Cut(string reason)
    {
        CancellationTokenSource cut;
        int count;
        lock (_gate) (cut, _cut, count, _cutReason) = (_cut, new CancellationTokenSource(), _count, reason);
        // Not disposed: a request that has just entered may still link itself to it.
        cut.Cancel();
        return count;
    }

    /// <summary>Refuses new requests and lets those in flight end; those left after the timeout are cut.</summary>
    /// <param name="timeout">How long they may take; infinite: as long as they need.</param>
    /// <param name="reason">Why those left are cut.</param>
    /// <param name="timeProvider">The clock of the timeout.</param>
    /// <param name="cancellationToken">Ends the wait; new requests are still refused.</param>
    /// <returns>How many were cut, once all have ended.</returns>
    public async Task<int> DrainAsync(TimeSpan timeout, string reason, TimeProvider timeProvider,
        CancellationToken cancellationToken = default)
    {
        Accepting = false;
        try
        {
            await WhenIdle().WaitAsync(timeout, timeProvider, cancellationToken);
            return 0;
        }
        catch (TimeoutException)
        {
            var cut = Cut(reason);
            await WhenIdle();
            return cut;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cut.Dispose();

    internal string? CutReason
    {
        get
        {
            lock (_gate) return _cutReason;
        }
    }

    internal void Leave()
    {
        TaskCompletionSource? idle = null;
        lock (_gate)
            if (--_count == 0) (idle, _idle) = (_idle, null);
        idle?.TrySetResult();
    }
}
