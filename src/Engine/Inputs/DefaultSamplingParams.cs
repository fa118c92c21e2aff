using System.Globalization;
using Grid.Engine.Requests;

namespace Grid.Engine.Inputs;

/// <summary>What generation_config.json says of sampling; null where it says nothing and vLLM's default holds.</summary>
public sealed record DefaultSamplingParams
{
    /// <summary>Nothing is set: vLLM's own defaults (<c>--generation-config vllm</c>).</summary>
    public static DefaultSamplingParams Neutral { get; } = new();

    /// <summary><c>temperature</c>; 0 where <c>do_sample</c> is false and none is given.</summary>
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

    /// <summary><c>eos_token_id</c>, a number or a list; null: unsaid.</summary>
    public IReadOnlyList<int>? EosTokenIds { get; init; }

    /// <summary>The parameters of a request that gives none of its own; <c>MaxTokens</c> is null.</summary>
    public SamplingParams ToSamplingParams()
    {
        var neutral = new SamplingParams { MaxTokens = null };
        return neutral with
        {
            Temperature = Temperature ?? neutral.Temperature,
            TopP = TopP ?? neutral.TopP,
            TopK = TopK ?? neutral.TopK,
            MinP = MinP ?? neutral.MinP,
            RepetitionPenalty = RepetitionPenalty ?? neutral.RepetitionPenalty,
        };
    }

    /// <summary>One line for the log, or null where nothing is set.</summary>
    public string? Describe()
    {
        (string Name, object? Value)[] values =
        [
            ("temperature", Temperature), ("top_p", TopP), ("top_k", TopK), ("min_p", MinP),
            ("repetition_penalty", RepetitionPenalty), ("max_new_tokens (chat)", MaxNewTokens),
        ];
        var set = values.Where(pair => pair.Value is not null).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Name}={pair.Value}"));
        var text = string.Join(", ", set);
        return text.Length == 0 ? null : $"Default sampling parameters from generation_config.json: {text} (--generation-config vllm turns them off)";
    }
}
