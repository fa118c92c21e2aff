namespace Grid.Engine.Configuration;

/// <summary>
/// What config.json means where a key is missing: the defaults of the family's configuration class in Hugging Face transformers.
/// </summary>
internal sealed record ConfigDefaults
{
    public int MaxPositionEmbeddings { get; init; } = 131072;

    /// <summary>Null: as many as query heads.</summary>
    public int? NumKeyValueHeads { get; init; }

    /// <summary>Null: hidden size divided by the number of query heads.</summary>
    public int? HeadDim { get; init; }

    public float NormEps { get; init; } = 1e-6f;

    public double RopeTheta { get; init; } = 10000;

    public bool TieWordEmbeddings { get; init; }

    /// <summary>In tokens; null: none.</summary>
    public int? SlidingWindow { get; init; }

    /// <summary>Where a window is used, layers before this one see the whole sequence; null: every layer has the window.</summary>
    public int? MaxWindowLayers { get; init; }

    public int? BosTokenId { get; init; }

    public int? EosTokenId { get; init; }

    public int NumExperts { get; init; }

    public int NumExpertsPerToken { get; init; }

    public int MoeIntermediateSize { get; init; }

    /// <summary>0: the family has no shared expert.</summary>
    public int SharedExpertIntermediateSize { get; init; }
}
