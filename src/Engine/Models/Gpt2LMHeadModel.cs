using Grid.Engine.Execution;
using Grid.Engine.Layers;
using static TorchSharp.torch;

namespace Grid.Engine.Models;

/// <summary>GPT-2: learned positions, layer norms before each block, weights stored [in, out].</summary>
internal sealed class Gpt2LMHeadModel : ICausalLM
{
    private readonly VocabParallelEmbedding? _embedding;
    private readonly PositionEmbedding? _positions;
    private readonly Block[] _blocks;
    private readonly LayerNorm? _norm;
    private readonly ParallelLMHead? _head;

    private Gpt2LMHeadModel(LayerContext context)
    {
        var config = context.Config;
        var stage = context.Stage;
        if (stage.IsFirst)
        {
            _embedding = new VocabParallelEmbedding(context, "transformer.wte", config.VocabSize, config.HiddenSize);
            _positions = new PositionEmbedding(context, "transformer.wpe", offset: 0);
        }
        _blocks = [.. Enumerable.Range(stage.Layers.Start, stage.Layers.Length).Select(layer => new Block(context, layer))];
        if (!stage.IsLast) return;
        _norm = new LayerNorm(context, "transformer.ln_f", config.HiddenSize);
        _head = new ParallelLMHead(context, "lm_head", "transformer.wte", config.HiddenSize);
    }

    public static ICausalLM Create(LayerContext context) => new Gpt2LMHeadModel(context);

    public HiddenStates Forward(ForwardContext step, Tensor? incoming)
    {
        var residual = incoming ?? Embed(step);
        Tensor? delta = null;
        foreach (var block in _blocks)
        {
            var next = block.Forward(residual, delta, step);
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

    private Tensor Embed(ForwardContext step)
    {
        var residual = _embedding!.Forward(step.TokenIds);
        _positions!.AddTo(residual, step.Positions, step.NumPositions);
        return residual;
    }

    private sealed class Block
    {
        private readonly LayerNorm _attentionNorm;
        private readonly SelfAttention _attention;
        private readonly LayerNorm _mlpNorm;
        private readonly PlainMlp _mlp;

        public Block(LayerContext context, int layer)
        {
            var config = context.Config;
            var prefix = $"transformer.h.{layer}.";
            _attentionNorm = new LayerNorm(context, prefix + "ln_1", config.HiddenSize);
            _attention = new SelfAttention(
                layer - context.Stage.Layers.Start,
                QKVParallelLinear.FusedTransposed(context, prefix + "attn.c_attn"),
                new RowParallelLinear(context, prefix + "attn.c_proj", config.HiddenSize, config.HiddenSize, "n_embd", config.AttentionOutputBias, transposed: true),
                config.WindowOf(layer));
            _mlpNorm = new LayerNorm(context, prefix + "ln_2", config.HiddenSize);
            _mlp = new PlainMlp(context, prefix + "mlp.c_fc", prefix + "mlp.c_proj", "n_inner", transposed: true);
        }

        public Tensor Forward(Tensor residual, Tensor? delta, ForwardContext step)
        {
            using var x = _attentionNorm.Forward(residual, delta);
            using var attended = _attention.Forward(x, step);
            using var y = _mlpNorm.Forward(residual, attended);
            return _mlp.Forward(y);
        }
    }
}
