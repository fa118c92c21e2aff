using Grid.Engine.Collectives;
using Grid.Engine.Geometry;
using Grid.Engine.Linears;
using Grid.Engine.Weights;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>From hidden states to logits, divided over the shards by token ids.</summary>
internal sealed class ParallelLMHead
{
    private readonly ILinear _linear;
    private readonly ICommunicator _group;
    private readonly int _vocabSize;

    /// <param name="context">Configuration, checkpoint, kernels and placement of the shard.</param>
    /// <param name="name">Name of the head in the checkpoint.</param>
    /// <param name="embedding">Name of the embedding, which is also the head where the config ties them.</param>
    /// <param name="width">Width of a hidden state.</param>
    public ParallelLMHead(LayerContext context, string name, string embedding, int width)
    {
        (_group, _vocabSize) = (context.TensorGroup, context.Config.VocabSize);
        var (rows, padded) = context.TensorSlice.OfVocabulary(_vocabSize);
        LinearPart[] parts = [new LinearPart(context.Config.TieWordEmbeddings ? embedding : name, _vocabSize, rows)];
        _linear = context.Own(
            context.Linears.Create(PaddedRows.Of(context.Weights.Weight(parts, width, Slice.All(width), context.Type), padded), null));
    }

    /// <summary>A row of logits for each row, whole on every shard.</summary>
    public Tensor Forward(Tensor hidden)
    {
        var part = _linear.Forward(hidden);
        if (_group.Size == 1) return part;
        using (part)
        {
            using var padded = _group.AllGather(part);
            using var whole = padded.narrow(1, 0, _vocabSize);
            return whole.contiguous();
        }
    }
}
