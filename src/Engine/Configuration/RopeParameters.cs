namespace Grid.Engine.Configuration;

/// <summary>Rotary position embedding and its scaling (<c>rope_scaling</c> or <c>rope_parameters</c>).</summary>
internal sealed record RopeParameters
{
    /// <summary><c>default</c>, <c>linear</c>, <c>dynamic</c>, <c>llama3</c> or <c>yarn</c>.</summary>
    public string Type { get; init; } = "default";

    /// <summary>Base of the frequencies.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>Stretch.</summary>
    public double Factor { get; init; } = 1;

    /// <summary><c>original_max_position_embeddings</c>.</summary>
    public int? OriginalMaxPositionEmbeddings { get; init; }

    /// <summary>llama3.</summary>
    public double LowFreqFactor { get; init; } = 1;

    /// <summary>llama3.</summary>
    public double HighFreqFactor { get; init; } = 4;

    /// <summary>yarn: scales cos and sin; null: derived from the factor.</summary>
    public double? AttentionFactor { get; init; }

    /// <summary>yarn.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>yarn.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>yarn.</summary>
    public double? Mscale { get; init; }

    /// <summary>yarn.</summary>
    public double? MscaleAllDim { get; init; }

    /// <summary>yarn: whether the correction range is cut to whole dimensions.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>GGUF's <c>rope_freqs</c>: a divisor of each frequency, already scaled; null: none.</summary>
    public IReadOnlyList<float>? FrequencyFactors { get; init; }
}
