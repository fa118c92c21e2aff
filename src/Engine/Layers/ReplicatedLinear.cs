using Grid.Engine.Geometry;
using Grid.Engine.Linears;
using Grid.Engine.Weights;
using static TorchSharp.torch;

namespace Grid.Engine.Layers;

/// <summary>A linear that every shard holds whole: routers, gates and OPT's projections of the embedding.</summary>
internal sealed class ReplicatedLinear
{
    private readonly ILinear _linear;

    public ReplicatedLinear(LayerContext context, string name, int inputs, int outputs)
    {
        LinearPart[] parts = [new LinearPart(name, outputs, Slice.All(outputs))];
        _linear = context.Own(context.Linears.Create(context.Weights.Weight(parts, inputs, Slice.All(inputs), context.Type), null));
    }

    public Tensor Forward(Tensor x) => _linear.Forward(x);
}
