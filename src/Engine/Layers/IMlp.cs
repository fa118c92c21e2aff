using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>The half of a decoder layer that sees each token on its own.</summary>
internal interface IMlp
{
    /// <summary>Returns what is to be added to the residual stream, as a new tensor.</summary>
    Tensor Forward(Tensor x);
}
