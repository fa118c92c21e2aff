using Grid.Engine.Configuration;
using Grid.Engine.Layers;
using Grid.Engine.Layers.Experts;
using Grid.Engine.Weights.Gguf;

namespace Grid.Engine.Models;

/// <summary>
/// Everything that is known about one model family: its names, how its configuration and its GGUF metadata are read, its tensor names, what
/// tensor parallelism divides, how many weights it has, and its graph. Each family is one file; no other file compares its names.
/// </summary>
internal abstract class ModelFamily
{
    /// <summary>The class in Hugging Face transformers, as <c>architectures</c> in config.json names it.</summary>
    public abstract string Architecture { get; }

    /// <summary><c>model_type</c> in config.json.</summary>
    public abstract string ModelType { get; }

    /// <summary><c>general.architecture</c> in GGUF files; null: the family has no GGUF files.</summary>
    public virtual string? GgufArchitecture => null;

    /// <summary>What keys of config.json mean where they are missing.</summary>
    protected abstract ConfigDefaults Defaults { get; }

    /// <summary>What transformers puts before the names of a model's own tensors; published files may leave it out.</summary>
    public virtual string TensorPrefix => "model.";

    /// <summary>Names of the experts' tensors.</summary>
    public virtual ExpertTensorNames Experts => ExpertTensorNames.Default;

    /// <summary>Key in config.json for the width inside the dense MLP.</summary>
    protected virtual string MlpWidthName => "intermediate_size";

    /// <summary>Key in config.json for the width inside an expert.</summary>
    protected virtual string ExpertWidthName => "moe_intermediate_size";

    /// <summary>Reads config.json.</summary>
    /// <exception cref="ModelLoadException">A value is missing, broken or not supported.</exception>
    public abstract ModelConfig ReadConfig(ConfigObject config);

    /// <summary>Whether a GGUF file of <see cref="GgufArchitecture"/> holds this family, where several share the name.</summary>
    public virtual bool Matches(GgufMetadata metadata) => true;

    /// <summary>Reads the metadata of a GGUF file, and its tensors where the metadata does not say.</summary>
    /// <exception cref="ModelLoadException">A value is missing, broken or not supported.</exception>
    public virtual ModelConfig ReadGguf(GgufFile file) => throw NoGguf();

    /// <summary>How the tensors of a GGUF file become those of a Hugging Face checkpoint.</summary>
    public virtual GgufTensorMap GgufTensors => throw NoGguf();

    /// <summary>Builds the graph and reads its weights.</summary>
    /// <exception cref="ModelLoadException">The checkpoint does not fit the configuration.</exception>
    public abstract ICausalLM Create(LayerContext context);

    /// <summary>Weights before the first layer.</summary>
    public virtual IEnumerable<WeightPart> CountEmbedding(ModelConfig config) => [CountHead(config)];

    /// <summary>Weights of one layer, counted from 0.</summary>
    public abstract IEnumerable<WeightPart> CountLayer(ModelConfig config, int layer);

    /// <summary>Weights after the last layer, except the head.</summary>
    public abstract IEnumerable<WeightPart> CountFinal(ModelConfig config);

    /// <summary>Weights of the head; a tied head is the embedding's table.</summary>
    public virtual WeightPart CountHead(ModelConfig config) => new((long)config.VocabSize * config.HiddenSize, WeightDivision.Vocabulary);

    /// <summary>The widths that tensor parallelism divides besides heads and the vocabulary, with their names in config.json.</summary>
    /// <param name="wholeExperts">Whether expert shards hold whole experts, which then are not divided.</param>
    public virtual IEnumerable<(string Name, int Width)> ShardedWidths(ModelConfig config, bool wholeExperts)
    {
        var layers = Enumerable.Range(0, config.NumHiddenLayers);
        if (!layers.All(config.IsMoeLayer)) yield return (MlpWidthName, config.IntermediateSize);
        if (!layers.Any(config.IsMoeLayer)) yield break;
        if (!wholeExperts) yield return (ExpertWidthName, config.MoeIntermediateSize);
        if (config.SharedExpertIntermediateSize > 0) yield return ("shared_expert_intermediate_size", config.SharedExpertIntermediateSize);
    }

    /// <summary>Adds the keys that mean the same in every family.</summary>
    protected ModelConfig Complete(ModelConfig result, ConfigObject config) => result with
    {
        TieWordEmbeddings = config.Bool("tie_word_embeddings") ?? Defaults.TieWordEmbeddings,
        DType = ReadDType(config),
        BosTokenId = config.Mentions("bos_token_id") ? config.Int("bos_token_id") : Defaults.BosTokenId,
        EosTokenIds = config.Mentions("eos_token_id") ? config.IntOrList("eos_token_id") ?? []
            : Defaults.EosTokenId is { } eos ? [eos] : [],
    };

    private static string? ReadDType(ConfigObject config)
    {
        var key = config.Has("dtype") ? "dtype" : "torch_dtype";
        var name = config.String(key);
        if (name?.StartsWith("torch.", StringComparison.Ordinal) == true) name = name["torch.".Length..];
        return name is null or "float32" or "bfloat16" or "float16"
            ? name
            : throw new ModelLoadException($"{config.Source}: {key} must be float32, bfloat16 or float16; got {name}.");
    }

    private NotSupportedException NoGguf() => new($"{Architecture} has no GGUF files.");
}
