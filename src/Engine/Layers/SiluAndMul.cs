using Grid.Engine.Configuration;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>The gate of Llama's MLP: silu of the left half times the right half.</summary>
internal sealed class SiluAndMul
{
    private readonly IKernels _kernels;

    /// <exception cref="ModelLoadException">The configuration asks for another activation function.</exception>
    public SiluAndMul(LayerContext context)
    {
        if (context.Config.HiddenAct is not ("silu" or "swish"))
            throw new ModelLoadException($"hidden_act must be silu in a gated MLP; got {context.Config.HiddenAct}.");
        _kernels = context.Kernels;
    }

    public Tensor Forward(Tensor gateUp) => _kernels.SiluAndMul(gateUp);
}
