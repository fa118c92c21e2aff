namespace Grid.Gateway.Forwarding;

/// <summary>
/// Cancels an attempt from which nothing comes for a while. It is wound up at each read, and re-armed only when a part of the time has
/// gone.
/// </summary>
internal sealed class StallTimer : IDisposable
{
    private const int RearmParts = 8;

    private readonly TimeSpan _timeout;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _linked;
    private long _armedAt;

    public StallTimer(TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        (_timeout, _timeProvider, _armedAt) = (timeout, timeProvider, timeProvider.GetTimestamp());
        _stalled = new CancellationTokenSource(timeout, timeProvider);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stalled.Token);
    }

    /// <summary>Cancelled by a stall, or by the outer token.</summary>
    public CancellationToken Token => _linked.Token;

    public bool HasStalled => _stalled.IsCancellationRequested;

    /// <summary>Restarts the time, which is exact to an eighth.</summary>
    public void Rewind()
    {
        if (_timeProvider.GetElapsedTime(_armedAt) < _timeout / RearmParts) return;
        _armedAt = _timeProvider.GetTimestamp();
        _stalled.CancelAfter(_timeout);
    }

    /// <summary>Stops the time while nothing is awaited from the rank: a client that reads slowly is not its fault.</summary>
    public void Pause() => _stalled.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Restarts the time after <see cref="Pause"/>.</summary>
    public void Resume()
    {
        _armedAt = _timeProvider.GetTimestamp();
        _stalled.CancelAfter(_timeout);
    }

    public void Dispose()
    {
        _linked.Dispose();
        _stalled.Dispose();
    }
}
