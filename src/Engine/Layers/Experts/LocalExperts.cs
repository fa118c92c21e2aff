using Grid.Engine.Experts;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Layers.Experts;

/// <summary>All experts of a layer on this device, or this tensor shard's slice of each.</summary>
internal sealed class LocalExperts(LayerContext context, ExpertTensorNames names, int layer) : IExpertLayer
{
    private readonly IKernels _kernels = context.Kernels;
    private readonly GatedMlp[] _experts =
        [.. Enumerable.Range(0, context.Config.NumExperts).Select(expert => names.Load(context, layer, expert))];

    public void AddTo(Tensor sum, Tensor x, ExpertRouting routing)
    {
        for (var expert = 0; expert < _experts.Length; expert++)
        {
            var rows = routing.RowsOf(expert);
            if (rows.IsEmpty) continue;
            using var input = _kernels.SelectRows(x, rows);
            using var output = _experts[expert].ForwardPart(input);
            _kernels.AddWeightedRows(sum, output, rows, routing.WeightsOf(expert));
        }
    }
}
