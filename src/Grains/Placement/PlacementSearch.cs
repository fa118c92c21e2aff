using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Placement;

/// <summary>
/// Looks for devices that have room for given shards: on one node where that fits, else stage by stage, else shard by shard.
/// </summary>
/// <param name="request">What wants a place.</param>
/// <param name="open">Nodes that may take it, in a fixed order.</param>
/// <param name="ledger">What is promised already.</param>
/// <param name="refusals">Told of devices with too little room.</param>
internal sealed class PlacementSearch(PlacementRequest request, IReadOnlyList<NodeRecord> open, Ledger ledger, Refusals refusals)
{
    private readonly Dictionary<(string Node, DeviceId Device), Taken> _taken = [];

    /// <summary>Nodes that may take it.</summary>
    public IReadOnlyList<NodeRecord> Open => open;

    /// <summary>A place for each shard; null: there is none.</summary>
    public ShardPlan[]? Find(ReplicaShape shape)
    {
        foreach (var group in new[] { shape.Shards.Length, shape.Layout.Tensor, 1 }.Distinct())
            if (Find(shape, group) is { } shards) return shards;
        return null;
    }

    /// <summary>A place for each shard, so many at a time on one node; null: there is none.</summary>
    public ShardPlan[]? Find(ReplicaShape shape, int group)
    {
        if (group > 1 && shape.Shards.Length % group != 0) return null;
        _taken.Clear();
        // What stands already is in the ledger; its devices are taken all the same.
        foreach (var place in request.Beside ?? [])
            _taken[(place.Node, place.Device)] = _taken.GetValueOrDefault((place.Node, place.Device))
                .With(new ShardNeed(place.Shard, 0, 0));
        var plans = new List<ShardPlan>(shape.Shards.Length);
        foreach (var needs in shape.Shards.Chunk(group))
        {
            if (Best(needs) is not { } best) return null;
            foreach (var (need, device) in needs.Zip(Devices(needs, best, null)))
            {
                plans.Add(Plan(need, best, device));
                _taken[(best.Name, device)] = _taken.GetValueOrDefault((best.Name, device)).With(need);
            }
        }

        return [.. plans];
    }

    /// <summary>A shard on a device.</summary>
    public static ShardPlan Plan(ShardNeed need, NodeRecord node, DeviceId device) => new(
        need.Shard, node.Name, node.Report!.Incarnation, node.Report.SiloAddress, device, need.Bytes, node.Report.Facts.DataPlane,
        CacheBytes: need.CacheBytes);

    /// <summary>What is not promised on a device; of a GPU, of the share that may be used.</summary>
    public long Free(NodeRecord node, DeviceFacts device) =>
        (device.Id.Kind == DeviceKind.Cuda
            ? (long)(request.Model.GpuMemoryUtilization * device.MemoryBytes)
            : device.MemoryBytes) - ledger.Reserved(node.Name, device.Id);

    /// <summary>
    /// What a node is taken by, least first: it failed there; the model is there, where replicas keep apart; how full it is.
    /// </summary>
    public (bool Avoided, int Occupied, long Free) Rank(NodeRecord node)
    {
        var free = node.Report!.Facts.Devices.Sum(device => Free(node, device));
        // What is emptier comes first where replicas keep apart, what is fuller where they need not.
        return request.Rules?.Spread == "none" ? (request.Avoid.Contains(node.Name), 0, free)
            : (request.Avoid.Contains(node.Name), request.Occupied.GetValueOrDefault(node.Name), -free);
    }

    private NodeRecord? Best(ShardNeed[] needs)
    {
        NodeRecord? best = null;
        var bestScore = default((bool, bool, int, long));
        foreach (var node in open)
        {
            if (Devices(needs, node, refusals).Count < needs.Length) continue;
            var (avoided, occupied, free) = Rank(node);
            // The shards of one replica keep together.
            var score = (avoided, !_taken.Keys.Any(key => key.Node == node.Name), occupied, free);
            if (best is not null && score.CompareTo(bestScore) >= 0) continue;
            best = node;
            bestScore = score;
        }

        return best;
    }

    // Each the smallest device that has room. Shards of one replica stand on different devices, but for the CPU, which offers as many as
    // are asked for; experts may stand beside attention.
    private List<DeviceId> Devices(ShardNeed[] needs, NodeRecord node, Refusals? told)
    {
        var found = new List<DeviceId>(needs.Length);
        var used = needs.Length == 1 ? null : new Dictionary<DeviceId, Taken>();
        foreach (var need in needs)
        {
            var (best, least) = (default(DeviceId?), long.MaxValue);
            foreach (var device in node.Report!.Facts.Devices)
            {
                var (here, before) = (used?.GetValueOrDefault(device.Id) ?? default, _taken.GetValueOrDefault((node.Name, device.Id)));
                var free = Free(node, device) - before.Bytes - here.Bytes;
                if (free < need.Bytes) told?.AddFree(node.Name, device.Id, free);
                else if (free < least
                    && (device.Id.Kind == DeviceKind.Cpu
                    || !(need.IsExpert ? here.HasExperts || before.HasExperts : here.HasRank || before.HasRank)))
                    (best, least) = (device.Id, free);
            }

            if (best is not { } chosen) break;
            found.Add(chosen);
            if (used is not null) used[chosen] = used.GetValueOrDefault(chosen).With(need);
        }

        return found;
    }

    private readonly record struct Taken(long Bytes, bool HasRank, bool HasExperts)
    {
        public Taken With(ShardNeed need) => new(Bytes + need.Bytes, HasRank || !need.IsExpert, HasExperts || need.IsExpert);
    }
}
