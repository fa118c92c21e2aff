using Grid.Engine.Configuration;
using Grid.Engine.Layers;
using Grid.Engine.Layers.Experts;
using Grid.Engine.Weights.Gguf;

namespace Grid.Engine.Models.Families;

/// <summary>
/// Llama and its descendants, which share graph, tensor names and keys: RMS norms before attention and MLP, rotary positions, gated MLPs or
/// mixtures of experts. A subclass says where its family differs.
/// </summary>
internal abstract class RotaryFamily : ModelFamily
{
    /// <summary>Whether query and key heads have norms of their own.</summary>
    protected virtual bool HasHeadNorms => false;

    /// <summary>Whether GGUF files interleave the two halves of query and key heads.</summary>
    protected virtual bool InterleavesHeadsInGguf => false;

    /// <summary>GGUF's names of a layer's tensors, and those of Hugging Face; {0} is the expert.</summary>
    protected virtual Dictionary<string, string> GgufLayerTensors => new()
    {
        ["attn_norm"] = "input_layernorm",
        ["ffn_norm"] = "post_attention_layernorm",
        ["attn_q"] = "self_attn.q_proj",
        ["attn_k"] = "self_attn.k_proj",
        ["attn_v"] = "self_attn.v_proj",
        ["attn_output"] = "self_attn.o_proj",
        ["attn_q_norm"] = "self_attn.q_norm",
        ["attn_k_norm"] = "self_attn.k_norm",
        ["ffn_gate"] = "mlp.gate_proj",
        ["ffn_up"] = "mlp.up_proj",
        ["ffn_down"] = "mlp.down_proj",
        ["ffn_gate_inp"] = Experts.Router,
        ["ffn_gate_exps"] = Experts.Pattern(Experts.Gate),
        ["ffn_up_exps"] = Experts.Pattern(Experts.Up),
        ["ffn_down_exps"] = Experts.Pattern(Experts.Down),
        ["ffn_gate_shexp"] = "mlp.shared_expert.gate_proj",
        ["ffn_up_shexp"] = "mlp.shared_expert.up_proj",
        ["ffn_down_shexp"] = "mlp.shared_expert.down_proj",
        ["ffn_gate_inp_shexp"] = "mlp.shared_expert_gate",
    };

    /// <summary>Whether the attention's projections have biases: those to query, key and value, and the one of the output.</summary>
    protected virtual (bool Inputs, bool Output) ReadAttentionBiases(ConfigObject config) => (false, false);

    protected virtual bool ReadMlpBias(ConfigObject config) => false;

    protected virtual bool UsesSlidingWindow(ConfigObject config) => true;

    /// <summary>Adds what config.json says of experts, where the family has any.</summary>
    protected virtual ModelConfig ReadExperts(ModelConfig result, ConfigObject config) => result;

    public sealed override ModelConfig ReadConfig(ConfigObject config)
    {
        var hiddenSize = config.PositiveInt("hidden_size");
        var heads = config.PositiveInt("num_attention_heads");
        var intermediateSize = config.PositiveInt("intermediate_size");
        var maxPositions = config.PositiveInt("max_position_embeddings", Defaults.MaxPositionEmbeddings);
        var biases = ReadAttentionBiases(config);
        var layers = config.PositiveInt("num_hidden_layers", most: ModelConfigRules.MaxLayers);
        var (window, slidingLayers) = UsesSlidingWindow(config)
            ? SlidingWindowReader.Read(config, Defaults.SlidingWindow, Defaults.MaxWindowLayers, layers)
            : (null, null);
        // An explicit null means as many as query heads in every family.
        var keyValueHeads = config.Mentions("num_key_value_heads") ? heads : Defaults.NumKeyValueHeads ?? heads;
        var result = new ModelConfig
        {
            Architecture = Architecture,
            ModelType = ModelType,
            VocabSize = config.PositiveInt("vocab_size"),
            HiddenSize = hiddenSize,
            IntermediateSize = intermediateSize,
            NumHiddenLayers = layers,
            NumAttentionHeads = heads,
            NumKeyValueHeads = config.PositiveInt("num_key_value_heads", keyValueHeads),
            HeadDim = config.Has("head_dim") ? config.PositiveInt("head_dim")
                : Defaults.HeadDim ?? ModelConfigRules.DeriveHeadDim(config.Source, hiddenSize, heads),
            MaxPositionEmbeddings = maxPositions,
            HiddenAct = config.String("hidden_act") ?? "silu",
            NormEps = (float)(config.PositiveDouble("rms_norm_eps") ?? Defaults.NormEps),
            AttentionBias = biases.Inputs,
            AttentionOutputBias = biases.Output,
            MlpBias = ReadMlpBias(config),
            Rope = RopeParametersReader.Read(config, Defaults.RopeTheta, maxPositions),
            SlidingWindow = window,
            SlidingLayers = slidingLayers,
        };
        return Complete(ReadExperts(result, config), config);
    }

    public override ModelConfig ReadGguf(GgufFile file)
    {
        var result = GgufShape.Read(file, this, "layer_norm_rms_epsilon", Defaults.NormEps);
        result = result with { Rope = GgufRopeReader.Read(file, GgufArchitecture!, result.HeadDim) };
        return ExpertCount(file.Metadata) is > 0 and var experts ? ReadGgufExperts(result, file.Metadata, experts) : result;
    }

    public override GgufTensorMap GgufTensors => new(
        "model.layers.",
        new() { ["token_embd"] = "model.embed_tokens", ["output_norm"] = "model.norm", ["output"] = "lm_head" },
        GgufLayerTensors)
    {
        Interleaved = InterleavesHeadsInGguf ? ["attn_q", "attn_k"] : [],
        // Converters write the gate of the shared expert, a matrix of one row, without its first dimension.
        Rows = ["ffn_gate_inp_shexp"],
    };

    public sealed override ICausalLM Create(LayerContext context)
    {
        var config = context.Config;
        var rotary = context.Own(new RotaryEmbedding(context, config.Rope ?? new RopeParameters()));
        return new Decoder(
            context,
            () =>
            {
                var table = new VocabParallelEmbedding(context, "model.embed_tokens", config.VocabSize, config.HiddenSize);
                return step => table.Forward(step.TokenIds);
            },
            layer => CreateLayer(context, layer, rotary),
            () => Decoder.NormAndHead(
                new RMSNorm(context, "model.norm", config.HiddenSize),
                new ParallelLMHead(context, "lm_head", "model.embed_tokens", config.HiddenSize)));
    }

    public sealed override IEnumerable<WeightPart> CountLayer(ModelConfig config, int layer)
    {
        yield return new(2L * config.HiddenSize, WeightDivision.Replicated);
        foreach (var part in WeightParts.Attention(config)) yield return part;
        if (HasHeadNorms) yield return new(2L * config.HeadDim, WeightDivision.Replicated);
        var mlp = config.IsMoeLayer(layer) ? WeightParts.Experts(config) : WeightParts.Mlp(config, config.IntermediateSize, inputs: 2);
        foreach (var part in mlp) yield return part;
    }

    public sealed override IEnumerable<WeightPart> CountFinal(ModelConfig config) => [new(config.HiddenSize, WeightDivision.Replicated)];

    /// <summary>Experts of a layer that a GGUF file has; 0: it is dense.</summary>
    protected int ExpertCount(GgufMetadata metadata) => metadata.Int($"{GgufArchitecture}.expert_count") ?? 0;

    /// <summary>Adds what GGUF metadata says of experts.</summary>
    protected virtual ModelConfig ReadGgufExperts(ModelConfig result, GgufMetadata metadata, int experts) => result with
    {
        NumExperts = experts,
        NumExpertsPerToken = metadata.PositiveInt($"{GgufArchitecture}.expert_used_count"),
        MoeIntermediateSize = metadata.PositiveInt($"{GgufArchitecture}.expert_feed_forward_length", result.IntermediateSize),
        NormTopkProb = true,
    };

    /// <summary>The number of experts and how many a token visits.</summary>
    protected ModelConfig ReadRouting(ModelConfig result, ConfigObject config) => result with
    {
        // transformers 5 writes num_local_experts for all families, 4 only for Mixtral.
        NumExperts = config.PositiveInt(config.Has("num_local_experts") ? "num_local_experts" : "num_experts", Defaults.NumExperts),
        NumExpertsPerToken = config.PositiveInt("num_experts_per_tok", Defaults.NumExpertsPerToken),
    };

    /// <summary>The keys of families that have dense layers beside those with experts.</summary>
    protected ModelConfig ReadSparseLayers(ModelConfig result, ConfigObject config) => ReadRouting(result, config) with
    {
        MoeIntermediateSize = config.PositiveInt("moe_intermediate_size", Defaults.MoeIntermediateSize),
        NormTopkProb = config.Bool("norm_topk_prob") == true,
        DecoderSparseStep = config.PositiveInt("decoder_sparse_step", 1),
        MlpOnlyLayers = config.IntList("mlp_only_layers") ?? [],
    };

    private PreNormLayer CreateLayer(LayerContext context, int layer, RotaryEmbedding rotary)
    {
        var prefix = $"model.layers.{layer}.";
        return new PreNormLayer(
            new RMSNorm(context, prefix + "input_layernorm", context.Config.HiddenSize),
            CreateAttention(context, layer, prefix + "self_attn.", rotary),
            new RMSNorm(context, prefix + "post_attention_layernorm", context.Config.HiddenSize),
            CreateMlp(context, layer, prefix));
    }

    private SelfAttention CreateAttention(LayerContext context, int layer, string prefix, RotaryEmbedding rotary)
    {
        var config = context.Config;
        var qkv = QKVParallelLinear.Separate(context, prefix + "q_proj", prefix + "k_proj", prefix + "v_proj");
        var width = config.NumAttentionHeads * config.HeadDim;
        var output = new RowParallelLinear(
            context, prefix + "o_proj", width, config.HiddenSize, "num_attention_heads x head_dim", config.AttentionOutputBias);
        return new SelfAttention(layer - context.Stage.Layers.Start, qkv, output, config.WindowOf(layer))
        {
            Rotary = rotary,
            QueryNorm = HasHeadNorms ? new HeadRMSNorm(context, prefix + "q_norm", qkv.QueryHeads) : null,
            KeyNorm = HasHeadNorms ? new HeadRMSNorm(context, prefix + "k_norm", qkv.KeyHeads) : null,
        };
    }

    private IMlp CreateMlp(LayerContext context, int layer, string prefix)
    {
        var config = context.Config;
        if (!config.IsMoeLayer(layer))
            return new GatedMlp(context, prefix + "mlp.", GatedMlp.Names, config.IntermediateSize, MlpWidthName);
        return new SparseMoeBlock(context, layer, Experts)
        {
            Shared = config.SharedExpertIntermediateSize > 0 ? new SharedExpert(context, prefix + Experts.Block) : null,
        };
    }
}
