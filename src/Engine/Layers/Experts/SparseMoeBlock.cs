using Grid.Engine.Collectives;
using Grid.Engine.Configuration;
using Grid.Engine.Experts;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Layers.Experts;

/// <summary>
/// A mixture of experts. An expert sees its rows unweighted; each row's products are added in the order of expert ids, the
/// shared expert last, so the sum does not depend on where or with which other rows an expert ran.
/// </summary>
internal sealed class SparseMoeBlock : IMlp
{
    private readonly IKernels _kernels;
    private readonly ReplicatedLinear _router;
    private readonly ExpertRouting _routing;
    private readonly IExpertLayer _experts;
    private readonly bool _expertsAreSliced;
    private readonly Device _device;
    private readonly ICommunicator _group;
    private float[] _logits = [];

    /// <param name="context">Configuration, checkpoint, kernels and placement of the shard.</param>
    /// <param name="layer">Number of the layer in the model, from 0.</param>
    /// <param name="names">Names of the experts in the checkpoint.</param>
    public SparseMoeBlock(LayerContext context, int layer, ExpertTensorNames names)
    {
        var config = context.Config;
        if (config.NumExpertsPerToken > config.NumExperts)
            throw new ModelLoadException(
                $"num_experts_per_tok must be at most the number of experts ({config.NumExperts}); got {config.NumExpertsPerToken}.");
        _kernels = context.Kernels;
        _device = context.Device;
        _group = context.TensorGroup;
        _router = new ReplicatedLinear(context, names.Prefix(layer) + "gate", config.HiddenSize, config.NumExperts);
        _routing = new ExpertRouting(config.NumExperts, config.NumExpertsPerToken, config.NormTopkProb);
        _expertsAreSliced = context.Placement.Experts is null;
        _experts = context.Placement.Experts?.OfLayer(layer, _kernels) ?? new LocalExperts(context, names, layer);
    }

    /// <summary>The expert that every token visits besides the chosen ones; null: there is none.</summary>
    public SharedExpert? Shared { get; init; }

    public Tensor Forward(Tensor x)
    {
        var sum = zeros([x.size(0), x.size(1)], ScalarType.Float32, _device);
        // Whole experts compute the output for all tensor shards at once, so one of these calls them.
        if (_expertsAreSliced || _group.Index == 0)
        {
            Route(x);
            _experts.AddTo(sum, x, _routing);
        }

        Shared?.AddTo(sum, x);
        if (_group.Size > 1) _group.AllReduce(sum);
        return sum;
    }

    private void Route(Tensor x)
    {
        using var logits = _router.Forward(x);
        var count = checked((int)logits.numel());
        if (_logits.Length < count) _logits = new float[count];
        _kernels.CopyToHost(logits, _logits.AsSpan(0, count));
        _routing.Assign(_logits.AsSpan(0, count));
    }
}
