using static TorchSharp.torch;

namespace Grid.Engine.Linears;

/// <summary>One matrix, with its bias, in the form that its backend wants.</summary>
internal interface ILinear : IDisposable
{
    /// <summary><c>x W^T + b</c>, new, in the type of <paramref name="x"/> ([rows, in]).</summary>
    Tensor Forward(Tensor x);
}
