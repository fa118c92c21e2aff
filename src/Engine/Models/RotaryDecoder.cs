using Grid.Engine.Configuration;
using Grid.Engine.Execution;
using Grid.Engine.Layers;
using static TorchSharp.torch;

namespace Grid.Engine.Models;

/// <summary>
/// The graph that Llama and its descendants share: RMS norms before each block, rotary attention, an MLP of the family's own,
/// under the tensor names of Hugging Face transformers.
/// </summary>
internal sealed class RotaryDecoder : ICausalLM
{
    private readonly VocabParallelEmbedding? _embedding;
    private readonly RotaryEmbedding _rotary;
    private readonly DecoderLayer[] _layers;
    private readonly RMSNorm? _norm;
    private readonly ParallelLMHead? _head;

    /// <param name="context">What to build from.</param>
    /// <param name="mlp">Makes the MLP of a layer, given the layer and its prefix.</param>
    /// <param name="headNorms">Whether query and key heads have norms.</param>
    public RotaryDecoder(LayerContext context, Func<int, string, IMlp> mlp, bool headNorms = false)
    {
        var config = context.Config;
        var stage = context.Stage;
        if (stage.IsFirst) _embedding = new VocabParallelEmbedding(context, "model.embed_tokens", config.VocabSize, config.HiddenSize);
        _rotary = context.Own(new RotaryEmbedding(context, config.Rope ?? new RopeParameters()));
        _layers = [.. Enumerable.Range(stage.Layers.Start, stage.Layers.Length).Select(layer =>
        {
            var prefix = $"model.layers.{layer}.";
            return new DecoderLayer(
                new RMSNorm(context, prefix + "input_layernorm", config.HiddenSize),
                Attention(context, prefix + "self_attn.", layer, headNorms),
                new RMSNorm(context, prefix + "post_attention_layernorm", config.HiddenSize),
                mlp(layer, prefix));
        })];
        if (!stage.IsLast) return;
        _norm = new RMSNorm(context, "model.norm", config.HiddenSize);
        _head = new ParallelLMHead(context, "lm_head", "model.embed_tokens", config.HiddenSize);
    }

    public HiddenStates Forward(ForwardContext step, Tensor? incoming)
    {
        _rotary.EnsurePositions(step.NumPositions);
        var residual = incoming ?? _embedding!.Forward(step.TokenIds);
        Tensor? delta = null;
        foreach (var layer in _layers)
        {
            var next = layer.Forward(residual, delta, step);
            delta?.Dispose();
            delta = next;
        }
        return new HiddenStates(residual, delta);
    }

    public Tensor ComputeLogits(HiddenStates hidden)
    {
        using var normalised = _norm!.Forward(hidden.Residual, hidden.Delta);
        return _head!.Forward(normalised);
    }

    private SelfAttention Attention(LayerContext context, string prefix, int layer, bool headNorms)
    {
        var config = context.Config;
        var qkv = QKVParallelLinear.Separate(context, prefix + "q_proj", prefix + "k_proj", prefix + "v_proj");
        var output = new RowParallelLinear(
            context, prefix + "o_proj", config.NumAttentionHeads * config.HeadDim, config.HiddenSize, "num_attention_heads x head_dim", config.AttentionOutputBias);
        return new SelfAttention(layer - context.Stage.Layers.Start, qkv, output, config.WindowOf(layer))
        {
            Rotary = _rotary,
            QueryNorm = headNorms ? new HeadRMSNorm(context, prefix + "q_norm", qkv.QueryHeads) : null,
            KeyNorm = headNorms ? new HeadRMSNorm(context, prefix + "k_norm", qkv.KeyHeads) : null,
        };
    }

    private sealed class DecoderLayer(RMSNorm attentionNorm, SelfAttention attention, RMSNorm mlpNorm, IMlp mlp)
    {
        public Tensor Forward(Tensor residual, Tensor? delta, ForwardContext step)
        {
            using var x = attentionNorm.Forward(residual, delta);
            using var attended = attention.Forward(x, step);
            using var y = mlpNorm.Forward(residual, attended);
            return mlp.Forward(y);
        }
    }
}
