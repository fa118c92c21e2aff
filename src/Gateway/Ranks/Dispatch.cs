namespace Grid.Gateway.Ranks;

/// <summary>A request that counts as load of a rank until it is disposed.</summary>
internal sealed class Dispatch(RankState rank, long sentAt, int choices, long tokens, int expectedBlocks, Action ended) : IDisposable
{
    private int _disposed;

    public RankState Rank { get; } = rank;

    /// <summary>Time stamp at which it was sent.</summary>
    public long SentAt { get; } = sentAt;

    /// <summary>The number of sequences that it is in the rank's engine.</summary>
    public int Choices { get; } = choices;

    /// <summary>Blocks of its prompt that the rank was expected to have cached.</summary>
    public int ExpectedBlocks { get; } = expectedBlocks;

    /// <summary>Prompt tokens still to be computed; guarded by the rank's lock.</summary>
    public long Tokens { get; set; } = tokens;

    /// <summary>Whether it is counted beside the rank's report; guarded by the rank's lock.</summary>
    public bool IsCounted { get; set; } = true;

    /// <summary>Marks its prompt as computed.</summary>
    public void Started() => Rank.Started(this);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        Rank.Ended(this);
        ended();
    }
}
