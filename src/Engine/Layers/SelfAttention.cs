using Grid.Engine.Attention;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>Attention with the projections around it, and norms and rotation of heads where the model has them.</summary>
internal sealed class SelfAttention(int layer, QKVParallelLinear qkv, RowParallelLinear output, int? window)
{
    /// <summary>Norm of the query heads; null: the model has none.</summary>
    public HeadRMSNorm? QueryNorm { get; init; }

    /// <summary>Norm of the key heads; null: the model has none.</summary>
    public HeadRMSNorm? KeyNorm { get; init; }

    /// <summary>Rotation of query and key heads; null where positions are learned.</summary>
    public RotaryEmbedding? Rotary { get; init; }

    public Tensor Forward(Tensor x, ForwardContext step)
    {
        using var heads = qkv.Forward(x);
        QueryNorm?.Forward(heads);
        KeyNorm?.Forward(heads);
        if (Rotary is not null)
        {
            Rotary.EnsurePositions(step.NumPositions);
            Rotary.Forward(heads, qkv.QueryHeads, qkv.KeyHeads, step.Positions);
        }

        using var attended = step.Attention.Forward(layer, heads, window);
        return output.Forward(attended);
    }
}
