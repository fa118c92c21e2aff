using System.Text.Json;
using Grid.Engine.Configuration;

namespace Grid.Engine.Models.Configuration;

/// <summary>Reads <c>config.json</c> in the layouts of transformers 4 and 5.</summary>
public static class ModelConfigReader
{
    /// <summary>Beyond any model; a number above it is a mistake.</summary>
    internal const int MaxLayers = 1 << 16;

    // Far above any model, and low enough that products of two widths are still whole numbers of 64 bits.
    private const int MaxWidth = 1 << 24;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelLoadException">The file is missing or broken, or the architecture is not supported.</exception>
    public static ModelConfig Read(string path)
    {
        using var document = JsonFile.Read(path);
        return JsonFile.Guard(path, () => Read(path, document.RootElement));
    }

    internal static ModelConfig Read(string source, JsonElement root)
    {
        var config = new ConfigObject(source, root);
        var family = ModelFamily.Of(config);
        RefuseWhatIsNotSupported(config);
        var result = family.ModelType switch
        {
            "gpt2" => Gpt2ConfigReader.Read(config, family),
            "opt" => OptConfigReader.Read(config, family),
            _ => LlamaLikeConfigReader.Read(config, family),
        };
        Validate(source, result);
        return result;
    }

    /// <summary>The keys that mean the same in every family.</summary>
    internal static ModelConfig WithCommon(ModelConfig result, ConfigObject config, ModelFamily family) => result with
    {
        TieWordEmbeddings = config.Bool("tie_word_embeddings") ?? family.TieWordEmbeddings,
        DType = ReadDType(config),
        BosTokenId = config.Mentions("bos_token_id") ? config.Int("bos_token_id") : family.BosTokenId,
        EosTokenIds = config.Mentions("eos_token_id") ? config.IntOrList("eos_token_id") ?? [] : family.EosTokenId is { } eos ? [eos] : [],
    };

    internal static void Validate(string source, ModelConfig config)
    {
        (string Name, long Width)[] widths =
        [
            ("vocab_size", config.VocabSize), ("hidden_size", config.HiddenSize), ("intermediate_size", config.IntermediateSize),
            ("num_attention_heads x head_dim", (long)config.NumAttentionHeads * config.HeadDim), ("num_experts", config.NumExperts),
            ("moe_intermediate_size", config.MoeIntermediateSize), ("shared_expert_intermediate_size", config.SharedExpertIntermediateSize),
        ];
        foreach (var (name, width) in widths)
            if (width > MaxWidth) throw new ModelLoadException($"{source}: {name} must be at most {MaxWidth} and is {width}.");
        if (config.NumAttentionHeads % config.NumKeyValueHeads != 0)
            throw new ModelLoadException($"{source}: num_attention_heads ({config.NumAttentionHeads}) must be divisible by num_key_value_heads ({config.NumKeyValueHeads}).");
        if (config.Rope is not null && config.HeadDim % 2 != 0)
            throw new ModelLoadException($"{source}: head_dim must be even for rotary embeddings and is {config.HeadDim}.");
        if (config.NumExpertsPerToken > config.NumExperts)
            throw new ModelLoadException($"{source}: num_experts_per_tok ({config.NumExpertsPerToken}) must be at most the number of experts ({config.NumExperts}).");
    }

    /// <summary>Hidden size over heads, which has to come out even.</summary>
    internal static int DeriveHeadDim(string source, int hiddenSize, int heads) => hiddenSize % heads == 0
        ? hiddenSize / heads
        : throw new ModelLoadException($"{source}: hidden_size ({hiddenSize}) must be divisible by num_attention_heads ({heads}) where head_dim is not given.");

    private static string? ReadDType(ConfigObject config)
    {
        var key = config.Has("dtype") ? "dtype" : "torch_dtype";
        var name = config.String(key);
        if (name?.StartsWith("torch.", StringComparison.Ordinal) == true) name = name["torch.".Length..];
        return name is null or "float32" or "bfloat16" or "float16"
            ? name
            : throw new ModelLoadException($"{config.Source}: {key} must be float32, bfloat16 or float16 and is {name}.");
    }

    private static void RefuseWhatIsNotSupported(ConfigObject config)
    {
        if (config.Object("quantization_config") is { } quantization)
            throw new ModelLoadException($"{config.Source}: quantization_config (quant_method {quantization.String("quant_method") ?? "unsaid"}) is not supported; use an unquantized or a GGUF checkpoint.");
        if (config.Double("partial_rotary_factor") is { } share and not 1)
            throw new ModelLoadException($"{config.Source}: partial_rotary_factor must be 1 and is {share}.");
    }
}
