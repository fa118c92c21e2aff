using Grid.Hosting.Http;

namespace Grid.Gateway.Hosting;

/// <summary>The requests in flight, and the end of them all.</summary>
internal sealed class OpenRequests : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private volatile bool _draining;

    /// <summary>Whether new requests are refused.</summary>
    public bool Draining => _draining;

    /// <summary>Cancelled when the time to end by themselves is over.</summary>
    public CancellationToken Cut => _cut.Token;

    /// <summary>What a request is told that comes too late.</summary>
    public static ApiException Refusal() => new(StatusCodes.Status503ServiceUnavailable, "The gateway shuts down.", code: "draining");

    /// <summary>Counts a request until it is disposed.</summary>
    /// <exception cref="ApiException">503: no new requests.</exception>
    public IDisposable Enter()
    {
        lock (_gate)
        {
            if (_draining) throw Refusal();
            _count++;
            return new Entry(this);
        }
    }

    /// <summary>Refuses new requests and lets those in flight end; those left at the deadline are cut.</summary>
    /// <returns>How many were cut.</returns>
    public async Task<int> DrainAsync(TimeSpan timeout, TimeProvider timeProvider)
    {
        lock (_gate)
        {
            _draining = true;
            if (_count == 0) _idle.TrySetResult();
        }

        try
        {
            await _idle.Task.WaitAsync(timeout, timeProvider);
            return 0;
        }
        catch (TimeoutException)
        {
            var left = Volatile.Read(ref _count);
            await _cut.CancelAsync();
            await _idle.Task;
            return left;
        }
    }

    public void Dispose() => _cut.Dispose();

    private void Leave()
    {
        lock (_gate)
            if (--_count == 0 && _draining) _idle.TrySetResult();
    }

    private sealed class Entry(OpenRequests owner) : IDisposable
    {
        public void Dispose() => owner.Leave();
    }
}
