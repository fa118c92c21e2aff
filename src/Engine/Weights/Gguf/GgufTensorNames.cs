namespace Grid.Engine.Weights.Gguf;

/// <summary>Translates ggml's tensor names (<c>blk.0.attn_q.weight</c>) into Hugging Face's.</summary>
internal sealed class GgufTensorNames
{
    private const string BlockPrefix = "blk.";

    private static readonly GgufTensorNames Llama = new(
        "model.layers.",
        new()
        {
            ["token_embd"] = "model.embed_tokens",
            ["output_norm"] = "model.norm",
            ["output"] = "lm_head",
        },
        new()
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
            ["ffn_gate_inp"] = "mlp.gate",
            ["ffn_gate_exps"] = "mlp.experts.{0}.gate_proj",
            ["ffn_up_exps"] = "mlp.experts.{0}.up_proj",
            ["ffn_down_exps"] = "mlp.experts.{0}.down_proj",
            ["ffn_gate_shexp"] = "mlp.shared_expert.gate_proj",
            ["ffn_up_shexp"] = "mlp.shared_expert.up_proj",
            ["ffn_down_shexp"] = "mlp.shared_expert.down_proj",
            ["ffn_gate_inp_shexp"] = "mlp.shared_expert_gate",
        });

    private static readonly GgufTensorNames Mixtral = new(
        Llama._layerPrefix,
        Llama._model,
        new(Llama._layer)
        {
            ["ffn_gate_inp"] = "block_sparse_moe.gate",
            ["ffn_gate_exps"] = "block_sparse_moe.experts.{0}.w1",
            ["ffn_down_exps"] = "block_sparse_moe.experts.{0}.w2",
            ["ffn_up_exps"] = "block_sparse_moe.experts.{0}.w3",
            ["ffn_gate"] = "block_sparse_moe.experts.{0}.w1",
            ["ffn_down"] = "block_sparse_moe.experts.{0}.w2",
            ["ffn_up"] = "block_sparse_moe.experts.{0}.w3",
        });

    private static readonly GgufTensorNames Gpt2 = new(
        "transformer.h.",
        new()
        {
            ["token_embd"] = "transformer.wte",
            ["position_embd"] = "transformer.wpe",
            ["output_norm"] = "transformer.ln_f",
            ["output"] = "lm_head",
        },
        new()
        {
            ["attn_norm"] = "ln_1",
            ["attn_qkv"] = "attn.c_attn",
            ["attn_output"] = "attn.c_proj",
            ["ffn_norm"] = "ln_2",
            ["ffn_up"] = "mlp.c_fc",
            ["ffn_down"] = "mlp.c_proj",
        });

    private readonly string _layerPrefix;
    private readonly Dictionary<string, string> _model;
    private readonly Dictionary<string, string> _layer;

    private GgufTensorNames(string layerPrefix, Dictionary<string, string> model, Dictionary<string, string> layer) =>
        (_layerPrefix, _model, _layer) = (layerPrefix, model, layer);

    public static GgufTensorNames Of(Configuration.ModelConfig config) => config.ModelType switch
    {
        "gpt2" => Gpt2,
        "mixtral" => Mixtral,
        _ => Llama,
    };

    /// <summary>Whether one tensor holds the same weight of all experts.</summary>
    public static bool IsMerged(string name) => StemOf(name).EndsWith("_exps", StringComparison.Ordinal);

    /// <summary>Whether rotary embeddings apply to the rows.</summary>
    public static bool IsRotated(string name) => StemOf(name) is "attn_q" or "attn_k";

    /// <summary>Whether Hugging Face has it as a Conv1D, columns first.</summary>
    public static bool IsConv1D(string name) => StemOf(name) is "attn_qkv" or "attn_output" or "ffn_up" or "ffn_down";

    /// <summary>Hugging Face's name (with {0} for the expert where <see cref="IsMerged"/>), or null for a tensor that no model asks for.</summary>
    public string? Translate(string name)
    {
        var dot = name.LastIndexOf('.');
        if (dot < 0 || name[dot..] is not (".weight" or ".bias")) return null;
        if (!name.StartsWith(BlockPrefix, StringComparison.Ordinal)) return _model.TryGetValue(name[..dot], out var stem) ? stem + name[dot..] : null;
        var parts = name[BlockPrefix.Length..dot].Split('.');
        if (parts.Length is not (2 or 3) || !_layer.TryGetValue(parts[1], out var target)) return null;
        var hasExpertInName = parts.Length == 3;
        if (hasExpertInName == IsMerged(name) && target.Contains("{0}", StringComparison.Ordinal)) return null;
        if (hasExpertInName && !target.Contains("{0}", StringComparison.Ordinal)) return null;
        // Older files have a tensor for each expert: blk.0.ffn_gate.3.weight.
        if (hasExpertInName) target = target.Replace("{0}", parts[2], StringComparison.Ordinal);
        return $"{_layerPrefix}{parts[0]}.{target}{name[dot..]}";
    }

    private static string StemOf(string name) =>
        name.StartsWith(BlockPrefix, StringComparison.Ordinal) && name.Split('.') is { Length: > 2 } parts ? parts[2] : "";
}
