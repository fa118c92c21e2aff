using Grid.Abstractions.Replicas;
using Grid.Engine.Configuration;
using Grid.Engine.Planning;

namespace Grid.Grains.Placement;

/// <summary>Divides the layers of a layout that was asked for by the memory and speed of the devices, where no list divides them.</summary>
/// <param name="request">What has to be placed.</param>
/// <param name="search">The free memory of the nodes.</param>
internal sealed class StagePlacer(PlacementRequest request, PlacementSearch search)
{
    private readonly ModelSize _model = request.Model;

    /// <summary>Returns the same devices, with layers divided by their speed if that differs from vLLM's rule.</summary>
    /// <param name="shape">The shape by vLLM's rule.</param>
    /// <param name="shards">The places where it fits.</param>
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

    /// <summary>Finds devices of different memory and divides the layers by it; null if they have no room.</summary>
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
            // The layout does not suit the model: loading it reports why.
            return null;
        }
    }
}
