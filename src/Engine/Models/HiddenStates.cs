using static TorchSharp.torch;

namespace Grid.Engine.Models;

/// <summary>A residual stream whose last addition is still pending.</summary>
/// <param name="Residual">float32 of shape [tokens, hidden size].</param>
/// <param name="Delta">What is still to be added to it, of the same shape; null: nothing.</param>
internal readonly record struct HiddenStates(Tensor Residual, Tensor? Delta) : IDisposable
{
    public void Dispose()
    {
        Residual.Dispose();
        Delta?.Dispose();
    }
}
