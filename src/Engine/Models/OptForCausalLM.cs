using Grid.Engine.Execution;
using Grid.Engine.Kernels;
using Grid.Engine.Layers;
using static TorchSharp.torch;

namespace Grid.Engine.Models;

/// <summary>OPT: learned positions after two unused rows, norms before or after each block, an embedding that may be projected.</summary>
internal sealed class OptForCausalLM : ICausalLM
{
    private const string Prefix = "model.decoder.";

    private readonly IKernels _kernels;
    private readonly ScalarType _type;
    private readonly VocabParallelEmbedding? _embedding;
    private readonly PositionEmbedding? _positions;
    private readonly ReplicatedLinear? _projectIn;
    private readonly ReplicatedLinear? _projectOut;
    private readonly DecoderLayer[] _layers;
    private readonly LayerNorm? _norm;
    private readonly ParallelLMHead? _head;

    private OptForCausalLM(LayerContext context)
    {
        var config = context.Config;
        var width = config.WordEmbedProjDim ?? config.HiddenSize;
        (_kernels, _type) = (context.Kernels, context.Type);
        var (stage, projected) = (context.Stage, width != config.HiddenSize);
        if (stage.IsFirst)
        {
            _embedding = new VocabParallelEmbedding(context, Prefix + "embed_tokens", config.VocabSize, width);
            _positions = new PositionEmbedding(context, Prefix + "embed_positions", offset: 2);
            if (projected) _projectIn = new ReplicatedLinear(context, Prefix + "project_in", width, config.HiddenSize);
        }
        _layers = [.. Enumerable.Range(stage.Layers.Start, stage.Layers.Length).Select(layer => new DecoderLayer(context, layer))];
        if (!stage.IsLast) return;
        if (projected) _projectOut = new ReplicatedLinear(context, Prefix + "project_out", config.HiddenSize, width);
        if (config.DoLayerNormBefore && !config.RemoveFinalLayerNorm) _norm = new LayerNorm(context, Prefix + "final_layer_norm", config.HiddenSize);
        _head = new ParallelLMHead(context, "lm_head", Prefix + "embed_tokens", width);
    }

    public static ICausalLM Create(LayerContext context) => new OptForCausalLM(context);

    public HiddenStates Forward(ForwardContext step, Tensor? incoming)
    {
        var hidden = new HiddenStates(incoming ?? Embed(step), null);
        foreach (var layer in _layers) hidden = layer.Forward(hidden, step);
        return hidden;
    }

    public Tensor ComputeLogits(HiddenStates hidden)
    {
        using var last = Last(hidden);
        if (_projectOut is null) return _head!.Forward(last);
        using var projected = _projectOut.Forward(last);
        return _head!.Forward(projected);
    }

    private Tensor Embed(ForwardContext step)
    {
        var residual = EmbedTokens(step.TokenIds);
        _positions!.AddTo(residual, step.Positions, step.NumPositions);
        return residual;
    }

    private Tensor EmbedTokens(Tensor ids)
    {
        var rows = _embedding!.Forward(ids);
        if (_projectIn is null) return rows;
        using (rows)
        {
            using var narrow = _kernels.Cast(rows, _type);
            using var projected = _projectIn.Forward(narrow);
            return _kernels.Cast(projected, ScalarType.Float32);
        }
    }

    private Tensor Last(HiddenStates hidden)
    {
        if (_norm is not null) return _norm.Forward(hidden.Residual, hidden.Delta);
        if (hidden.Delta is not null) _kernels.Add(hidden.Residual, hidden.Delta);
        return _kernels.Cast(hidden.Residual, _type);
    }

    private sealed class DecoderLayer
    {
        private readonly IKernels _kernels;
        private readonly ScalarType _type;
        private readonly bool _normFirst;
        private readonly LayerNorm _attentionNorm;
        private readonly SelfAttention _attention;
        private readonly LayerNorm _mlpNorm;
        private readonly PlainMlp _mlp;

        public DecoderLayer(LayerContext context, int layer)
        {
            var config = context.Config;
            var prefix = $"{Prefix}layers.{layer}.";
            (_kernels, _type, _normFirst) = (context.Kernels, context.Type, config.DoLayerNormBefore);
            _attentionNorm = new LayerNorm(context, prefix + "self_attn_layer_norm", config.HiddenSize);
            _attention = new SelfAttention(
                layer - context.Stage.Layers.Start,
                QKVParallelLinear.Separate(context, prefix + "self_attn.q_proj", prefix + "self_attn.k_proj", prefix + "self_attn.v_proj"),
                new RowParallelLinear(context, prefix + "self_attn.out_proj", config.HiddenSize, config.HiddenSize, "hidden_size", config.AttentionOutputBias),
                config.WindowOf(layer));
            _mlpNorm = new LayerNorm(context, prefix + "final_layer_norm", config.HiddenSize);
            _mlp = new PlainMlp(context, prefix + "fc1", prefix + "fc2", "ffn_dim", transposed: false);
        }

        /// <summary>Takes the states over and returns the next ones.</summary>
        public HiddenStates Forward(HiddenStates hidden, ForwardContext step) => _normFirst ? NormFirst(hidden, step) : NormLast(hidden, step);

        private HiddenStates NormFirst(HiddenStates hidden, ForwardContext step)
        {
            using var x = _attentionNorm.Forward(hidden.Residual, hidden.Delta);
            hidden.Delta?.Dispose();
            using var attended = _attention.Forward(x, step);
            using var y = _mlpNorm.Forward(hidden.Residual, attended);
            return hidden with { Delta = _mlp.Forward(y) };
        }

        private HiddenStates NormLast(HiddenStates hidden, ForwardContext step)
        {
            using (hidden)
            {
                using var x = _kernels.Cast(hidden.Residual, _type);
                using var attended = _attention.Forward(x, step);
                using var residual = _attentionNorm.ForwardResidual(hidden.Residual, attended);
                using var y = _kernels.Cast(residual, _type);
                using var delta = _mlp.Forward(y);
                return new HiddenStates(_mlpNorm.ForwardResidual(residual, delta), null);
            }
        }
    }
}
