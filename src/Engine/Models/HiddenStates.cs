using static TorchSharp.torch;

namespace Grid.Engine.Models;

/// <summary>A residual stream whose last addition is still to be done.</summary>
/// <param name="Residual">float32, a token a row.</param>
/// <param name="Delta">To add to it; null: nothing.</param>
internal readonly record struct HiddenStates(Tensor Residual, Tensor? Delta) : IDisposable
{
    public void Dispose()
    {
        Residual.Dispose();
        Delta?.Dispose();
    }
}
