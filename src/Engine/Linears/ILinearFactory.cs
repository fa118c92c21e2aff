using static TorchSharp.torch;

namespace Grid.Engine.Linears;

/// <summary>Chooses the backend of linears.</summary>
internal interface ILinearFactory
{
    /// <summary>Makes a linear; weight ([out, in], host) and bias pass into its hands.</summary>
    ILinear Create(Tensor weight, Tensor? bias);
}
