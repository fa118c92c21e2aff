using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Placement;

/// <summary>Finds devices for all shards of a replica, in the layout that was asked for or in one that suits the free memory.</summary>
internal static class Placer
{
    /// <summary>Looks for places for all shards, or for the given ones; reserves nothing.</summary>
    /// <param name="request">What has to be placed.</param>
    /// <param name="nodes">All nodes, in a fixed order.</param>
    /// <param name="ledger">The memory that is promised already.</param>
    public static PlacementResult Place(PlacementRequest request, IReadOnlyList<NodeRecord> nodes, Ledger ledger)
    {
        var refusals = new Refusals();
        var open = new List<NodeRecord>(nodes.Count);
        foreach (var node in nodes)
        {
            if (WhyNot(request, node) is { } why) refusals.Add(why, node.Name);
            else open.Add(node);
        }

        var search = new PlacementSearch(request, open, ledger, refusals);
        if (request.Shape is not { } shape) return new AutoPlacer(request, search, refusals, nodes.Count).Place();
        if (request.Only is { } names) return Only(shape with { Shards = [.. shape.Shards.Where(need => names.Contains(need.Shard))] });
        if (search.Find(shape) is { } shards) return new StagePlacer(request, search).Adjust(shape, shards);
        return new StagePlacer(request, search).Place(shape.Layout)
            ?? new PlacementResult(null, refusals.Say(request.Replica, shape, nodes.Count));

        PlacementResult Only(ReplicaShape some) =>
            search.Find(some) is { } places
                ? new PlacementResult(places, null, some)
                : new PlacementResult(null, refusals.Say(request.Replica, some, nodes.Count));
    }

    /// <summary>Why a node is no candidate, in a word or two; null if it is one.</summary>
    public static string? WhyNot(PlacementRequest request, NodeRecord node)
    {
        if (!node.IsLive) return "gone";
        if (node.Closed is { } closed) return closed;
        if (request.Rules?.NodeSelector is { } selector)
            foreach (var (key, value) in selector)
                if (!node.Report!.Facts.Labels.TryGetValue(key, out var label) || label != value) return $"without label {key}={value}";
        if (request.Checksum is not { } checksum) return null;
        var files = node.Files(request.Source);
        return files?.Checksum == checksum && files.Error is null ? null
            : files?.Checksum is null ? $"without the files of {request.Source}"
            : files.Error is not null ? "that cannot serve it"
            : $"with other files ({Short(files.Checksum)} instead of {Short(checksum)})";
    }

    private static string Short(string checksum) => checksum.Length <= 19 ? checksum : checksum[..19];
}
