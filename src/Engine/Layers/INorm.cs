using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>A norm, joined with the addition before it so that the residual stream is read once.</summary>
internal interface INorm
{
    /// <summary>Adds <paramref name="delta"/> to the residual stream and returns the norm of the sum, in the model's type.</summary>
    Tensor Forward(Tensor residual, Tensor? delta);
}
