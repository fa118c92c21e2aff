using Grid.Engine.Requests;

namespace Grid.Engine.Inputs;

/// <summary><c>generation_config.json</c>: what a request takes where it says nothing; null: the file does not say either.</summary>
public sealed record GenerationConfig
{
    /// <summary>Says nothing (<c>--generation-config vllm</c>, or no file).</summary>
    public static GenerationConfig Empty { get; } = new();

    /// <summary><c>temperature</c>; 0 where the file has none and <c>do_sample: false</c>.</summary>
    public double? Temperature { get; init; }

    /// <summary><c>top_p</c>.</summary>
    public double? TopP { get; init; }

    /// <summary><c>top_k</c>.</summary>
    public int? TopK { get; init; }

    /// <summary><c>min_p</c>.</summary>
    public double? MinP { get; init; }

    /// <summary><c>repetition_penalty</c>.</summary>
    public double? RepetitionPenalty { get; init; }

    /// <summary><c>max_new_tokens</c>: chat's default of <c>max_tokens</c>, never a cap.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary><c>eos_token_id</c>, a number or a list.</summary>
    public IReadOnlyList<int> EosTokenIds { get; init; } = [];

    /// <summary>The sampling parameters of a request that sets none.</summary>
    public SamplingParams ToSamplingParams()
    {
        var neutral = new SamplingParams();
        return neutral with
        {
            Temperature = Temperature ?? neutral.Temperature,
            TopP = TopP ?? neutral.TopP,
            TopK = TopK ?? neutral.TopK,
            MinP = MinP ?? neutral.MinP,
            RepetitionPenalty = RepetitionPenalty ?? neutral.RepetitionPenalty,
        };
    }

    /// <summary>What the file sets, in one line for the log; empty where it sets nothing.</summary>
    public string Describe() => string.Join(", ", new (string Name, object? Value)[]
    {
        ("temperature", Temperature), ("top_p", TopP), ("top_k", TopK), ("min_p", MinP),
        ("repetition_penalty", RepetitionPenalty), ("max_new_tokens", MaxNewTokens),
    }.Where(setting => setting.Value is not null).Select(setting => $"{setting.Name}={setting.Value}"));
}
