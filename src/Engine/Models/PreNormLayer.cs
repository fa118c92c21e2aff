using Grid.Engine.Attention;
using Grid.Engine.Layers;

namespace Grid.Engine.Models;

/// <summary>
/// A layer with a norm before attention and one before the MLP. The MLP's output stays unadded, because the next norm adds it in the same
/// pass over memory.
/// </summary>
internal sealed class PreNormLayer(INorm attentionNorm, SelfAttention attention, INorm mlpNorm, IMlp mlp) : IDecoderLayer
{
    public HiddenStates Forward(HiddenStates hidden, ForwardContext step)
    {
        using var x = attentionNorm.Forward(hidden.Residual, hidden.Delta);
        hidden.Delta?.Dispose();
        using var attended = attention.Forward(x, step);
        using var y = mlpNorm.Forward(hidden.Residual, attended);
        return hidden with { Delta = mlp.Forward(y) };
    }
}
