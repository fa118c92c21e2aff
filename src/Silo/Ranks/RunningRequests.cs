using Grid.Engine;

namespace Grid.Silo.Ranks;

/// <summary>The generation requests in flight on one rank, and the end of them all.</summary>
internal sealed class RunningRequests : IDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _idle;
    private CancellationTokenSource _cut = new();
    private int _count;
    private bool _accepting = true;

    /// <summary>Whether new requests are taken.</summary>
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

    /// <summary>Requests in flight.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Counts a request until it is disposed.</summary>
    /// <exception cref="EngineDrainingException">No new requests.</exception>
    public RunningRequest Enter()
    {
        lock (_gate)
        {
            if (!_accepting) throw new EngineDrainingException();
            _count++;
            return new RunningRequest(this, _cut.Token);
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

    /// <summary>Ends every request in flight.</summary>
    /// <returns>How many there were.</returns>
    public int Cut(HandOverReason reason)
    {
        CancellationTokenSource cut;
        int count;
        lock (_gate)
        {
            (cut, _cut, count, CutReason) = (_cut, new CancellationTokenSource(), _count, reason);
        }

        // Not disposed: a request that has just entered may still link itself to it.
        cut.Cancel();
        return count;
    }

    /// <summary>Why the last cut was made.</summary>
    public HandOverReason CutReason { get; private set; }

    public void Dispose() => _cut.Dispose();

    internal void Leave()
    {
        TaskCompletionSource? idle = null;
        lock (_gate)
            if (--_count == 0) (idle, _idle) = (_idle, null);
        idle?.TrySetResult();
    }
}
