namespace Grid.Gateway.Forwarding;

/// <summary>
/// Watches one attempt at a rank: whether its process still lives, and whether its engine progresses. It only says what it sees; the
/// attempt goes on, because a false alarm must not cost a stream.
/// </summary>
internal sealed class StreamWatch : IDisposable
{
    /// <summary>How long a process may send nothing, four heartbeats and more in a row, before another rank is asked too.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private volatile TaskCompletionSource _suspected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lost = new();
    private readonly StreamWatchOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private long _lookedAt;
    private long _progress = -1;
    private TimeSpan _silent;
    private TimeSpan _still;
    private volatile bool _hasHeard;
    private volatile bool _hasProgressed;
    private volatile bool _isPaused;

    public StreamWatch(StreamWatchOptions options, TimeProvider timeProvider)
    {
        (_options, _timeProvider, _lookedAt) = (options, timeProvider, timeProvider.GetTimestamp());
        _timer = timeProvider.CreateTimer(static watch => ((StreamWatch)watch!).Look(), this, Period, Period);
    }

    /// <summary>Completes when the rank seems dead or stuck and another one could take over.</summary>
    public Task Suspected => _suspected.Task;

    /// <summary>Cancelled when the rank is in the routing table no more and says nothing.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>The suspicion was void: the watch begins again.</summary>
    public void Rearm()
    {
        (_hasHeard, _hasProgressed) = (true, true);
        _suspected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Bytes have come.</summary>
    public void Hear() => _hasHeard = true;

    /// <summary>An event has come.</summary>
    public void Advance() => _hasProgressed = true;

    /// <summary>A heartbeat has come.</summary>
    /// <param name="progress">The engine's progress; null where the silo tells none.</param>
    public void Beat(long? progress)
    {
        if (progress is { } now && now == Interlocked.Exchange(ref _progress, now)) return;
        _hasProgressed = true;
    }

    /// <summary>Nothing is awaited from the rank: a client that reads slowly is not its fault.</summary>
    public void Pause() => _isPaused = true;

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Resume()
    {
        (_hasHeard, _hasProgressed) = (true, true);
        _isPaused = false;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _lost.Dispose();
    }

    private void Look()
    {
        var now = _timeProvider.GetTimestamp();
        var passed = _timeProvider.GetElapsedTime(_lookedAt, now);
        _lookedAt = now;
        // Where this process itself gets no processor, what it has not read says nothing.
        if (passed > 2 * Period) passed = Period;
        _silent = _hasHeard || _isPaused ? TimeSpan.Zero : _silent + passed;
        _still = _hasProgressed || _isPaused ? TimeSpan.Zero : _still + passed;
        (_hasHeard, _hasProgressed) = (false, false);
        var isSilent = _silent >= _options.SilenceLimit;
        if (isSilent && _options.IsGone()) Lose();
        else if ((isSilent || _still >= _options.StallTimeout) && _options.HasOther(isSilent)) _suspected.TrySetResult();
    }

    private void Lose()
    {
        try
        {
            _lost.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt has just ended.
        }
    }
}

/// <summary>What a <see cref="StreamWatch"/> goes by.</summary>
/// <param name="SilenceLimit">How long the process may send nothing.</param>
/// <param name="StallTimeout">How long its engine may make no progress.</param>
/// <param name="IsGone">Whether the rank is no longer in the routing table.</param>
/// <param name="HasOther">Whether another rank could take the request, in another process where the argument is true.</param>
internal sealed record StreamWatchOptions(TimeSpan SilenceLimit, TimeSpan StallTimeout, Func<bool> IsGone, Func<bool, bool> HasOther);
