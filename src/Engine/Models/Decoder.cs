using Grid.Engine.Attention;
using Grid.Engine.Layers;
using static TorchSharp.torch;

namespace Grid.Engine.Models;

/// <summary>A decoder, or one pipeline stage of it: the first stage embeds tokens, the last one computes logits.</summary>
internal sealed class Decoder : ICausalLM
{
    private readonly Func<ForwardContext, Tensor>? _embed;
    private readonly IDecoderLayer[] _layers;
    private readonly Func<HiddenStates, Tensor>? _head;

    /// <summary>Builds the parts that the stage holds, in the order in which checkpoints are read.</summary>
    /// <param name="context">Says which stage to build.</param>
    /// <param name="embedding">Builds what turns token ids into a residual stream.</param>
    /// <param name="layer">Builds a layer of the model, counted from 0 over all stages.</param>
    /// <param name="head">Builds what turns hidden states into logits.</param>
    public Decoder(
        LayerContext context,
        Func<Func<ForwardContext, Tensor>> embedding,
        Func<int, IDecoderLayer> layer,
        Func<Func<HiddenStates, Tensor>> head)
    {
        var stage = context.Stage;
        if (stage.IsFirst) _embed = embedding();
        _layers = [.. Enumerable.Range(stage.Layers.Start, stage.Layers.Length).Select(layer)];
        if (stage.IsLast) _head = head();
    }

    /// <summary>The head of most decoders: a last norm, then logits.</summary>
    public static Func<HiddenStates, Tensor> NormAndHead(INorm norm, ParallelLMHead head) => hidden =>
    {
        using var normalised = norm.Forward(hidden.Residual, hidden.Delta);
        return head.Forward(normalised);
    };

    public HiddenStates Forward(ForwardContext step, Tensor? incoming)
    {
        var hidden = new HiddenStates(incoming ?? _embed!(step), null);
        foreach (var layer in _layers)
        {
            hidden = layer.Forward(hidden, step);
            step.Progress.Tick();
        }

        return hidden;
    }

    public Tensor ComputeLogits(HiddenStates hidden) => _head!(hidden);
}
