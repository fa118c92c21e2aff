namespace Grid.Gateway.Forwarding;

/// <summary>
/// Attempts of one request side by side: one whose rank is suspected runs on while another rank is asked, and whichever first brings
/// something new leads from then on. Thread-safe.
/// </summary>
internal sealed class AttemptRace : IDisposable
{
    private static readonly object Nobody = new();

    private readonly Lock _gate = new();
    private readonly List<UpstreamAttempt> _parked = [];
    private TaskCompletionSource<UpstreamAttempt> _revived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private object? _leader;
    private bool _isWriting;

    /// <summary>Completes with a suspected attempt that has brought something new before any later one did.</summary>
    public Task<UpstreamAttempt> Revived
    {
        get
        {
            lock (_gate) return _revived.Task;
        }
    }

    /// <summary>Whether a suspected attempt may still bring something.</summary>
    public bool HasParked
    {
        get
        {
            lock (_gate) return _parked.Exists(attempt => !attempt.Pump.IsCompleted);
        }
    }

    /// <summary>An attempt has something new for the client: it may write it if it leads, or nobody does.</summary>
    /// <returns>Whether it may, until <see cref="Leave"/>; false: another one leads.</returns>
    public bool TryEnter(UpstreamAttempt attempt)
    {
        lock (_gate)
        {
            if (_leader is null)
            {
                _leader = attempt;
                var isRevived = _parked.Remove(attempt);
                foreach (var other in _parked) other.Cancel();
                if (isRevived) _revived.TrySetResult(attempt);
            }

            return _isWriting = _leader == attempt;
        }
    }

    /// <summary>The attempt has written.</summary>
    public void Leave()
    {
        lock (_gate) _isWriting = false;
    }

    /// <summary>A suspected attempt gives up its lead, and runs on.</summary>
    /// <returns>False where it is writing now, and so is well.</returns>
    public bool TryPark(UpstreamAttempt attempt)
    {
        lock (_gate)
        {
            if (_isWriting || _revived.Task.IsCompleted) return false;
            _leader = null;
            _parked.Add(attempt);
            return true;
        }
    }

    /// <summary>An attempt has ended, so that a later one may lead.</summary>
    public void Release(UpstreamAttempt attempt)
    {
        lock (_gate)
            if (_leader == attempt) _leader = null;
    }

    /// <summary>The revived attempt, which is followed from now on as any other.</summary>
    public async Task<UpstreamAttempt> TakeRevivedAsync()
    {
        var attempt = await Revived;
        lock (_gate) _revived = new TaskCompletionSource<UpstreamAttempt>(TaskCreationOptions.RunContinuationsAsynchronously);
        return attempt;
    }

    /// <summary>Completes when a suspected attempt was revived (true), or none of them can be any more (false).</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        while (HasParked)
        {
            Task[] pumps;
            lock (_gate) pumps = [.. _parked.Select(attempt => attempt.Pump)];
            await Task.WhenAny([Revived, .. pumps]).WaitAsync(cancellationToken);
            if (Revived.IsCompleted) return true;
        }

        return Revived.IsCompleted;
    }

    public void Dispose()
    {
        UpstreamAttempt[] left;
        lock (_gate)
        {
            // From now on nobody may write.
            _leader = Nobody;
            left = [.. _parked];
            _parked.Clear();
        }

        foreach (var attempt in left)
        {
            attempt.Cancel();
            _ = attempt.Pump.ContinueWith(static (_, ended) => ((UpstreamAttempt)ended!).Dispose(), attempt, TaskScheduler.Default);
        }
    }
}
