using Grid.Abstractions.Replicas;
using Grid.Engine.Configuration;
using Grid.Engine.Planning;

namespace Grid.Grains.Placement;

/// <summary>Divides the layers of a layout that was asked for by the memory and speed of the devices, where no list divides them.</summary>
/// <param name="request">What wants a place.</param>
/// <param name="search">Knows the nodes.</param>
internal sealed class StagePlacer(PlacementRequest request, PlacementSearch search)
{
    private readonly ModelSize _model = request.Model;

    /// <summary>The same devices, with layers by their speed where that differs from vLLM's rule.</summary>
    /// <param name="shape">By vLLM's rule.</param>
    /// <param name="shards">Where it fits.</param>
    public PlacementResult Adjust(ReplicaShape shape, ShardPlan[] shards)
    {
        var same = new PlacementResult(shards, null, shape);
        if (!IsFree(shape.Layout)) return same;
        var ranks = shards.GroupBy(shard => (shard.Node, shard.Device)).ToDictionary(group => group.Key, group => group.Count());
        var plan = Try(
            () => ParallelismPlanner.PlanOn(_model.Profile!, ReplicaShape.LayoutFor(shape.Layout),
            [.. shards.Select(shard => Device(shard, ranks[(shard.Node, shard.Device)]))], _model.Options));
        return plan is { Fits: true } && !plan.PipelineLayers.SequenceEqual(ByRule(plan))
            ? PlannedPlacement.Of(plan, _model, search, asked: true)
            : same;
    }

    /// <summary>Devices of different memory, with layers by it; null: they have no room for it.</summary>
    public PlacementResult? Place(ReplicaLayout layout)
    {
        if (!IsFree(layout) || new Inventory(search).All() is not { } inventory) return null;
        var options = _model.Options
            with
        {
            TensorParallelSize = layout.Tensor,
            PipelineParallelSize = layout.Pipeline,
            DataParallelSize = layout.Data,
            PipelineLayerPartition = null
        };
        return Try(() => ParallelismPlanner.PlanAsAsked(_model.Profile!, inventory, options)) is { Fits: true } plan
            ? PlannedPlacement.Of(plan, _model, search, asked: true)
            : null;
    }

    private bool IsFree(ReplicaLayout layout) =>
        layout is { Pipeline: > 1, Expert: 0 } && _model is { Profile: not null, Spec.Parallelism.PipelineLayers: null };

    private InventoryDevice Device(ShardPlan shard, int sharing)
    {
        var node = search.Open.First(node => node.Name == shard.Node);
        var device = node.Report!.Facts.Devices.First(device => device.Id == shard.Device);
        return new InventoryDevice(shard.Node, shard.Device, search.Free(node, device) / sharing,
            Speed: device.Speed / sharing);
    }

    private int[] ByRule(ParallelPlan plan) =>
        [.. ParallelismPlanner.RuleOf(_model.Profile!, plan.Layout.Pipeline)];

    private static ParallelPlan? Try(Func<ParallelPlan> plan)
    {
        try
        {
            return plan();
        }
        catch (ModelLoadException)
        {
            // The layout does not suit the model: its load tells why.
            return null;
        }
    }
}
