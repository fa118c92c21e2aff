using System.Text.Json.Serialization;

namespace Grid.Engine.Configuration;

/// <summary>A model's shape, from config.json (old and new layout) or GGUF metadata. Names follow Hugging Face's keys.</summary>
public sealed record ModelConfig
{
    /// <summary>First of <c>architectures</c>, such as <c>LlamaForCausalLM</c>: the key of the model registry.</summary>
    public required string Architecture { get; init; }

    /// <summary><c>model_type</c>, such as <c>llama</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public required int VocabSize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width inside the dense MLP.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Layers.</summary>
    public required int NumHiddenLayers { get; init; }

    /// <summary>Query heads.</summary>
    public required int NumAttentionHeads { get; init; }

    /// <summary>Key and value heads (GQA).</summary>
    public required int NumKeyValueHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Longest position the checkpoint was made for.</summary>
    public required int MaxPositionEmbeddings { get; init; }

    /// <summary><c>silu</c>, <c>gelu</c>, <c>gelu_new</c>, <c>relu</c>, ...</summary>
    public string HiddenAct { get; init; } = "silu";

    /// <summary>Epsilon of the norms.</summary>
    public float NormEps { get; init; } = 1e-6f;

    /// <summary>Whether the head is the embedding.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Biases on q, k and v.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Bias on the attention's output projection.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Biases in the MLP.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Rotary embedding, or null for learned positions.</summary>
    [JsonInclude]
    internal RopeParameters? Rope { get; init; }

    /// <summary>Token i sees j with i - window &lt; j &lt;= i; null: all before.</summary>
    public int? SlidingWindow { get; init; }

    /// <summary>
    /// Layers that slide where not all do (<c>layer_types</c>, <c>max_window_layers</c>); null: all or none, by
    /// <see cref="SlidingWindow"/>.
    /// </summary>
    public IReadOnlyList<bool>? SlidingLayers { get; init; }

    /// <summary>OPT: norm before (true) or after (false) each block.</summary>
    public bool DoLayerNormBefore { get; init; } = true;

    /// <summary>OPT: whether the last norm is left out.</summary>
    public bool RemoveFinalLayerNorm { get; init; }

    /// <summary>OPT: width of the embedding; other than hidden size, it is projected in and out.</summary>
    public int? WordEmbedProjDim { get; init; }

    /// <summary>Experts a MoE layer has; 0: dense.</summary>
    public int NumExperts { get; init; }

    /// <summary>Experts a token is sent to.</summary>
    public int NumExpertsPerToken { get; init; }

    /// <summary>Width inside an expert.</summary>
    public int MoeIntermediateSize { get; init; }

    /// <summary>Width of the shared expert; 0: none.</summary>
    public int SharedExpertIntermediateSize { get; init; }

    /// <summary>Whether the chosen experts' probabilities are renormalised (Mixtral: always).</summary>
    public bool NormTopkProb { get; init; }

    /// <summary>Every so many layers are MoE, counted from 1.</summary>
    public int DecoderSparseStep { get; init; } = 1;

    /// <summary>Layers that are dense whatever the step says.</summary>
    public IReadOnlyList<int> MlpOnlyLayers { get; init; } = [];

    /// <summary>The checkpoint's type: float32, bfloat16 or float16; null: unsaid.</summary>
    public string? DType { get; init; }

    /// <summary><c>bos_token_id</c>.</summary>
    public int? BosTokenId { get; init; }

    /// <summary><c>eos_token_id</c>, a number or a list.</summary>
    public IReadOnlyList<int> EosTokenIds { get; init; } = [];

    /// <summary>Whether layer <paramref name="layer"/> (from 0) is a mixture of experts.</summary>
    public bool IsMoeLayer(int layer) =>
        NumExperts > 0 && !MlpOnlyLayers.Contains(layer) && (layer + 1) % DecoderSparseStep == 0;

    /// <summary>Keys and values of one token in one layer, in elements.</summary>
    /// <param name="keyValueHeads">Heads to count: all of the model, or those of a tensor shard.</param>
    public long KVElementsPerToken(int keyValueHeads) => 2L * keyValueHeads * HeadDim;

    /// <summary>The window of layer <paramref name="layer"/>, or null.</summary>
    public int? WindowOf(int layer) => SlidingLayers is null || SlidingLayers[layer] ? SlidingWindow : null;
}
