using Grid.Engine.Kernels;
using Grid.Engine.Parallelism.Collectives;
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
    private readonly GatedMlp[] _experts;
    private readonly Device _device;
    private readonly ICommunicator _group;
    private float[] _logits = [];

    /// <param name="context">What to build from.</param>
    /// <param name="prefix">What all its names have in common.</param>
    /// <param name="names">An expert's gate, up and down.</param>
    public SparseMoeBlock(LayerContext context, string prefix, (string Gate, string Up, string Down) names)
    {
        var config = context.Config;
        if (config.NumExpertsPerToken > config.NumExperts)
            throw new ModelLoadException($"num_experts_per_tok must be at most the number of experts ({config.NumExperts}) and is {config.NumExpertsPerToken}.");
        _kernels = context.Kernels;
        _device = context.Device;
        _group = context.TensorGroup;
        _router = new ReplicatedLinear(context, prefix + "gate", config.HiddenSize, config.NumExperts);
        _routing = new ExpertRouting(config.NumExperts, config.NumExpertsPerToken, config.NormTopkProb);
        _experts = [.. Enumerable.Range(0, config.NumExperts).Select(expert =>
            new GatedMlp(context, $"{prefix}experts.{expert}.", names, config.MoeIntermediateSize, "moe_intermediate_size"))];
    }

    /// <summary>Runs for every token beside the chosen experts (Qwen2-MoE).</summary>
    public SharedExpert? Shared { get; init; }

    public Tensor Forward(Tensor x)
    {
        Route(x);
        var sum = zeros([x.size(0), x.size(1)], ScalarType.Float32, _device);
        for (var expert = 0; expert < _experts.Length; expert++)
        {
            var rows = _routing.RowsOf(expert);
            if (rows.IsEmpty) continue;
            using var input = _kernels.SelectRows(x, rows);
            using var output = _experts[expert].ForwardPart(input);
            _kernels.AddWeightedRows(sum, output, rows, _routing.WeightsOf(expert));
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
