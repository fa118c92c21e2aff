using Grid.Abstractions.Replicas;
using Grid.Primitives.Units;

namespace Grid.Grains.Placement;

/// <summary>A layout for a model of which only bytes are known: tensor over the devices of a node, pipeline over nodes.</summary>
/// <param name="request">What has to be placed and fits no device.</param>
/// <param name="search">The free memory of the nodes.</param>
internal sealed class BytePlacer(PlacementRequest request, PlacementSearch search)
{
    private const int MostNodes = 64;

    /// <summary>The fewest devices that have room; null if none have.</summary>
    public PlacementResult? Place()
    {
        var most = search.Open.Max(node => node.Report!.Facts.Devices.Length);
        for (var tensor = 2; tensor <= most; tensor++)
            if (Try(new ReplicaLayout(tensor), tensor, $"It fits one node: tensor parallelism over {tensor} of its devices.") is { } found)
                return found;
        for (var stages = 2; stages <= Math.Min(search.Open.Count, MostNodes); stages++)
            for (var tensor = most; tensor >= 1; tensor--)
                if (Try(new ReplicaLayout(tensor, stages), tensor,
                    $"One node is too small: tensor parallelism over {tensor} devices of a node, pipeline parallelism over {stages} "
                    + "stages.") is { } found) return found;
        return null;
    }

    private PlacementResult? Try(ReplicaLayout layout, int group, string reason)
    {
        var shape = ReplicaShape.Of(request.Model, layout);
        if (search.Find(shape, group) is not { } shards) return null;
        var whole = ReplicaShape.Of(request.Model, new ReplicaLayout()).Shards[0].Bytes;
        return new PlacementResult(shards, null, shape,
            [$"One device is too small: it needs {ByteSize.Format(whole)}.", reason, PlannedPlacement.Numbers(shape, null)]);
    }
}
