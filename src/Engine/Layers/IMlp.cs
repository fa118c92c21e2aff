using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>The half of a decoder layer that looks at one token alone.</summary>
internal interface IMlp
{
    /// <summary>What to add to the residual stream, new.</summary>
    Tensor Forward(Tensor x);
}
