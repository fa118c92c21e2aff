using Grid.Engine.Configuration;

namespace Grid.Engine.Models.Configuration;

/// <summary>What a family's configuration means where it says nothing: the defaults of its class in Hugging Face transformers.</summary>
/// <param name="Architecture">The class, as <c>architectures</c> names it.</param>
/// <param name="ModelType"><c>model_type</c>.</param>
internal sealed record ModelFamily(string Architecture, string ModelType)
{
    /// <summary>The families, by <c>model_type</c>.</summary>
    public static readonly IReadOnlyList<ModelFamily> All =
    [
        new("LlamaForCausalLM", "llama") { MaxPositionEmbeddings = 2048, BosTokenId = 1, EosTokenId = 2 },
        new("MistralForCausalLM", "mistral") { NumKeyValueHeads = 8, BosTokenId = 1, EosTokenId = 2, SlidingWindow = 4096 },
        new("Qwen2ForCausalLM", "qwen2") { MaxPositionEmbeddings = 32768, SlidingWindow = 4096, MaxWindowLayers = 28 },
        new("Qwen3ForCausalLM", "qwen3") { MaxPositionEmbeddings = 32768, SlidingWindow = 4096, MaxWindowLayers = 28, HeadDim = 128 },
        new("GPT2LMHeadModel", "gpt2") { MaxPositionEmbeddings = 1024, NormEps = 1e-5f, TieWordEmbeddings = true, BosTokenId = 50256, EosTokenId = 50256 },
        new("OPTForCausalLM", "opt") { MaxPositionEmbeddings = 2048, NormEps = 1e-5f, TieWordEmbeddings = true, BosTokenId = 2, EosTokenId = 2 },
        new("MixtralForCausalLM", "mixtral")
        {
            NumKeyValueHeads = 8, NormEps = 1e-5f, RopeTheta = 1e6, BosTokenId = 1, EosTokenId = 2, NumExperts = 8, NumExpertsPerToken = 2,
        },
        new("Qwen2MoeForCausalLM", "qwen2_moe")
        {
            MaxPositionEmbeddings = 32768, SlidingWindow = 4096, MaxWindowLayers = 28,
            NumExperts = 60, NumExpertsPerToken = 4, MoeIntermediateSize = 1408, SharedExpertIntermediateSize = 5632,
        },
        new("Qwen3MoeForCausalLM", "qwen3_moe")
        {
            MaxPositionEmbeddings = 32768, NumKeyValueHeads = 4, SlidingWindow = 4096,
            NumExperts = 128, NumExpertsPerToken = 8, MoeIntermediateSize = 768,
        },
    ];

    public int MaxPositionEmbeddings { get; init; } = 131072;

    /// <summary>Null: as many as query heads.</summary>
    public int? NumKeyValueHeads { get; init; }

    /// <summary>Null: hidden size over heads.</summary>
    public int? HeadDim { get; init; }

    public float NormEps { get; init; } = 1e-6f;

    public double RopeTheta { get; init; } = 10000;

    public bool TieWordEmbeddings { get; init; }

    public int? SlidingWindow { get; init; }

    /// <summary>Layers before this one see everything, where a window is used; null: the window is in every layer.</summary>
    public int? MaxWindowLayers { get; init; }

    public int? BosTokenId { get; init; }

    public int? EosTokenId { get; init; }

    public int NumExperts { get; init; }

    public int NumExpertsPerToken { get; init; }

    public int MoeIntermediateSize { get; init; }

    public int SharedExpertIntermediateSize { get; init; }

    /// <summary>The family of a configuration: by architecture, or by model type where no architecture is written.</summary>
    /// <exception cref="ModelLoadException">It is none of the supported ones.</exception>
    public static ModelFamily Of(ConfigObject config)
    {
        var architectures = config.StringList("architectures") ?? [];
        var modelType = config.String("model_type");
        var family = architectures.Length > 0
            ? architectures.Select(name => All.FirstOrDefault(family => family.Architecture == name)).FirstOrDefault(family => family is not null)
            : All.FirstOrDefault(family => family.ModelType == modelType);
        if (family is not null) return family;
        var given = architectures.Length > 0 ? string.Join(", ", architectures) : modelType is null ? "missing" : $"missing (model_type {modelType})";
        throw new ModelLoadException($"{config.Source}: architecture {given} is not supported. Supported: {string.Join(", ", All.Select(family => family.Architecture))}.");
    }
}
