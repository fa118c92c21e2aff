namespace Grid.Engine;

/// <summary>When and how expert shards are balanced; the names and defaults are those of vLLM's EPLB configuration.</summary>
public sealed record EplbOptions
{
    /// <summary>Steps whose loads count.</summary>
    public int WindowSize { get; init; } = 1000;

    /// <summary>Steps between two looks.</summary>
    public int StepInterval { get; init; } = 3000;

    /// <summary>Copies beside one of each expert.</summary>
    public int NumRedundantExperts { get; init; }
}
