namespace Grid.Gateway.Ranks;

/// <summary>
/// Counts what this gateway has met at a rank, and says for how long the rank gets no request. Whether it gets one now is the passive
/// health of its destination, which YARP keeps. A client's mistake never counts. Thread-safe.
/// </summary>
internal sealed class RankHealth
{
    /// <summary>For how long a rank that refused in order gets no request.</summary>
    public static readonly TimeSpan RefusalPeriod = TimeSpan.FromSeconds(1);

    private const int ErrorsInARow = 3;
    private const int MaxDoublings = 3;

    // Shorter than it takes the grid to learn of a dead node; the table decides from then on.
    private static readonly TimeSpan FirstPeriod = TimeSpan.FromSeconds(2);

    private int _errors;
    private int _losses;

    /// <summary>The rank answered.</summary>
    public void Succeeded()
    {
        Volatile.Write(ref _errors, 0);
        Volatile.Write(ref _losses, 0);
    }

    /// <summary>There was no connection, or it broke or stalled.</summary>
    /// <returns>For how long the rank gets no request: twice as long with each loss in a row, up to 16 s.</returns>
    public TimeSpan Lost() => FirstPeriod * (1 << Math.Min(Interlocked.Increment(ref _losses) - 1, MaxDoublings));

    /// <summary>The rank answered with a server error; one alone may be the request's doing.</summary>
    /// <returns>For how long the rank gets no request; null if it is not affected yet.</returns>
    public TimeSpan? Failed() => Interlocked.Increment(ref _errors) >= ErrorsInARow ? FirstPeriod : null;
}
