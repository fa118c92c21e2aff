using Grid.Abstractions.Replicas;
using Grid.Engine.Planning;

namespace Grid.Grains.Placement;

/// <summary>
/// <c>parallelism: auto</c>: one device where the model fits it, else the planner's layout for what is free on one node, else on several. A
/// model of which only bytes are known is divided by them.
/// </summary>
/// <param name="request">What has to be placed.</param>
/// <param name="search">The free memory of the nodes.</param>
/// <param name="refusals">Counts why nodes were refused.</param>
/// <param name="nodes">The number of all nodes, whether they take shards or not.</param>
internal sealed class AutoPlacer(PlacementRequest request, PlacementSearch search, Refusals refusals, int nodes)
{
    private readonly ModelSize _model = request.Model;

    /// <summary>Looks for places.</summary>
    public PlacementResult Place()
    {
        var single = ReplicaShape.Of(_model, new ReplicaLayout());
        if (search.Find(single) is { } shards) return Single(single, shards);
        if (search.Open.Count == 0) return Missing(refusals.Say(request.Replica, single, nodes));
        if (_model.Profile is not { } profile)
            return new BytePlacer(request, search).Place() ?? Missing(refusals.Say(request.Replica, single, nodes));
        return Smaller(single) ?? OnNode(profile) ?? OverNodes(profile);
    }

    private static PlacementResult Missing(string message) => new(null, message);

    private PlacementResult Single(ReplicaShape shape, ShardPlan[] shards)
    {
        var tokens = Blocks(shape) * _model.Options.BlockSize;
        return new PlacementResult(shards, null, shape,
            [$"It fits one device ({shards[0].Node}/{shards[0].Device}): no parallelism is needed.",
            PlannedPlacement.Numbers(shape, tokens)]);
    }

    private long? Blocks(ReplicaShape shape) => _model.Profile is { } profile ? shape.Shards[0].CacheBytes / PerBlock(profile) : null;

    // With less KV cache than desired, but room for at least one request of full length.
    private PlacementResult? Smaller(ReplicaShape wanted)
    {
        if (CacheDemand.IsStated(_model.Options)) return null;
        var perBlock = PerBlock(_model.Profile!);
        var needed = CacheDemand.Needed(_model.Options, _model.MaxModelLen, perBlock);
        if (search.Find(ReplicaShape.Of(_model, new ReplicaLayout(), blocks: needed)) is not [var least]) return null;
        var node = search.Open.First(node => node.Name == least.Node);
        var free = search.Free(node, node.Report!.Facts.Devices.First(device => device.Id == least.Device));
        var shape = ReplicaShape.Of(_model, new ReplicaLayout(), blocks: (free - wanted.Shards[0].WeightsBytes) / perBlock);
        return Single(shape, [PlacementSearch.Plan(shape.Shards[0], node, least.Device)]);
    }

    private PlacementResult? OnNode(ModelProfile profile)
    {
        var inventory = new Inventory(search);
        var seen = new HashSet<string>();
        foreach (var node in search.Open.OrderBy(search.Rank))
        {
            var here = inventory.Of(node);
            if (here.Devices.Count < 2 || here.Devices.Sum(device => device.MemoryBytes) < profile.WeightsBytes) continue;
            // What does not fit a node does not fit any other with the same free memory.
            if (!seen.Add(string.Join(',', here.Devices.Select(device => device.MemoryBytes)))) continue;
            if (ParallelismPlanner.PlanNode(profile, here, _model.Options) is { Fits: true } plan)
                return PlannedPlacement.Of(plan, _model, search, asked: false);
        }

        return null;
    }

    private PlacementResult OverNodes(ModelProfile profile)
    {
        if (new Inventory(search).All() is not { } all)
            return Missing(refusals.Say(request.Replica, ReplicaShape.Of(_model, new ReplicaLayout()), nodes));
        var plan = ParallelismPlanner.Plan(profile, Inventory.Large(all), _model.Options);
        if (!plan.Fits) plan = ParallelismPlanner.Plan(profile, all, _model.Options);
        return plan.Fits
            ? PlannedPlacement.Of(plan, _model, search, asked: false)
            : Missing($"{request.Replica}: {string.Join(' ', plan.Reasons)} {refusals.Nodes(nodes)}");
    }

    private long PerBlock(ModelProfile profile) => ShardMemory.Of(profile, new ParallelLayout(), null, _model.Options)[0].BytesPerBlock;
}
