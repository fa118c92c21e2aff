namespace Grid.Gateway.Routing;

/// <summary>What this gateway has met itself at a rank. A client's mistake never counts.</summary>
internal sealed class RankHealth(TimeProvider timeProvider)
{
    private const int ErrorsInARow = 3;
    private const int MaxDoublings = 3;

    // Shorter than it takes the grid to learn of a dead node; the table decides from then on.
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private int _errors;
    private int _losses;
    private long _since;
    private TimeSpan _rest;

    /// <summary>Whether no request is to be sent there for now.</summary>
    public bool IsSuspect
    {
        get
        {
            lock (_gate) return _rest > TimeSpan.Zero && timeProvider.GetElapsedTime(_since) < _rest;
        }
    }

    /// <summary>It answered.</summary>
    public void Succeeded()
    {
        lock (_gate) (_errors, _losses, _rest) = (0, 0, TimeSpan.Zero);
    }

    /// <summary>No connection, or one that broke or stalled.</summary>
    public void Lost()
    {
        lock (_gate)
        {
            if (_rest > TimeSpan.Zero && timeProvider.GetElapsedTime(_since) < _rest) return;
            Rest(FirstRest * (1 << Math.Min(_losses++, MaxDoublings)));
        }
    }

    /// <summary>It refused in order: it drains, or has another epoch.</summary>
    public void Refused()
    {
        lock (_gate) Rest(FirstRest / 2);
    }

    /// <summary>It answered with a server's error; one alone may be the request's doing.</summary>
    public void Failed()
    {
        lock (_gate)
            if (++_errors >= ErrorsInARow) Rest(FirstRest);
    }

    private void Rest(TimeSpan rest) => (_since, _rest) = (timeProvider.GetTimestamp(), rest);
}
