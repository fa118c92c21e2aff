using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Layers.Experts;

/// <summary>The expert that sees every token, weighted by the sigmoid of a gate of its own.</summary>
internal sealed class SharedExpert(LayerContext context, string prefix)
{
    private readonly IKernels _kernels = context.Kernels;
    private readonly ReplicatedLinear _gate = new(context, prefix + "shared_expert_gate", context.Config.HiddenSize, 1);
    private readonly GatedMlp _expert = new(
        context, prefix + "shared_expert.", GatedMlp.Names, context.Config.SharedExpertIntermediateSize, "shared_expert_intermediate_size");

    /// <summary>Adds this shard's part to a sum that the shards will add up.</summary>
    public void AddTo(Tensor sum, Tensor x)
    {
        using var gate = _gate.Forward(x);
        using var output = _expert.ForwardPart(x);
        _kernels.AddGatedRows(sum, output, gate);
    }
}
