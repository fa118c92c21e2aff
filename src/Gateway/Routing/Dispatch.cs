namespace Grid.Gateway.Routing;

/// <summary>A request that counts as load of a rank until it is disposed.</summary>
internal sealed class Dispatch(RankState rank, long sentAt, long tokens, int expectedBlocks, Action<RankState> ended) : IDisposable
{
    private int _disposed;

    public RankState Rank { get; } = rank;

    public long SentAt { get; } = sentAt;

    /// <summary>Blocks of its prompt that the rank was thought to have.</summary>
    public int ExpectedBlocks { get; } = expectedBlocks;

    /// <summary>Prompt tokens that are to be computed; the rank's lock guards it.</summary>
    public long Tokens { get; set; } = tokens;

    /// <summary>Whether it is counted beside the rank's report; the rank's lock guards it.</summary>
    public bool IsCounted { get; set; } = true;

    /// <summary>Its prompt is computed.</summary>
    public void Started() => Rank.Started(this);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        Rank.Ended(this);
        ended(Rank);
    }
}
