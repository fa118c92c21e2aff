namespace Grid.TestUtilities.Load;

/// <summary>What a load is.</summary>
public sealed record LoadSettings
{
    /// <summary>Base addresses of the gateways, taken in turn.</summary>
    public required IReadOnlyList<Uri> Gateways { get; init; }

    /// <summary>The request of a number.</summary>
    public required Func<int, LoadRequest> Requests { get; init; }

    /// <summary>Requests that are open at any time.</summary>
    public int Concurrency { get; init; } = 100;

    /// <summary>How often the client sends a request that failed, each time to the next gateway; 1: it does not try again.</summary>
    public int Tries { get; init; } = 1;

    /// <summary>A request that takes longer has failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(4);
}
