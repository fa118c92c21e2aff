using Grid.Engine.Layers.Linears;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>From hidden states to logits.</summary>
internal sealed class ParallelLMHead
{
    private readonly ILinear _linear;

    /// <param name="context">What to build from.</param>
    /// <param name="name">Its own name in the checkpoint.</param>
    /// <param name="embedding">The embedding's, which is the head too where the config ties them.</param>
    /// <param name="width">Width of a hidden state.</param>
    public ParallelLMHead(LayerContext context, string name, string embedding, int width)
    {
        var vocabSize = context.Config.VocabSize;
        LinearPart[] parts = [new LinearPart(context.Config.TieWordEmbeddings ? embedding : name, vocabSize, Slice.All(vocabSize))];
        _linear = context.Own(context.Linears.Create(context.Weights.Weight(parts, width, Slice.All(width), context.Type), null));
    }

    /// <summary>A row of logits for each row.</summary>
    public Tensor Forward(Tensor hidden) => _linear.Forward(hidden);
}
