using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Placement;

/// <summary>
/// Looks for devices that have room for given shards: on one node where that fits, else stage by stage, else shard by shard.
/// </summary>
/// <param name="request">What has to be placed.</param>
/// <param name="open">The nodes that may take it, in a fixed order.</param>
/// <param name="ledger">The memory that is promised already.</param>
/// <param name="refusals">Counts devices with too little memory.</param>
internal sealed class PlacementSearch(PlacementRequest request, IReadOnlyList<NodeRecord> open, Ledger ledger, Refusals refusals)
{
    private readonly Dictionary<(string Node, DeviceId Device), Taken> _taken = [];

    /// <summary>Nodes that may take it.</summary>
    public IReadOnlyList<NodeRecord> Open => open;

    /// <summary>Finds a place for each shard; null if there is none.</summary>
    public ShardPlan[]? Find(ReplicaShape shape)
    {
        foreach (var group in new[] { shape.Shards.Length, shape.Layout.Tensor, 1 }.Distinct())
            if (Find(shape, group) is { } shards) return shards;
        return null;
    }

    /// <summary>Finds a place for each shard, with groups of the given size on one node each; null if there is none.</summary>
    public ShardPlan[]? Find(ReplicaShape shape, int group)
    {
        if (group > 1 && shape.Shards.Length % group != 0) return null;
        _taken.Clear();
        // Shards that have a place are in the ledger already; their devices still count as taken.
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

    /// <summary>Places a shard on a device.</summary>
    public static ShardPlan Plan(ShardNeed need, NodeRecord node, DeviceId device) => new(
        need.Shard, node.Name, node.Report!.Incarnation, node.Report.SiloAddress, device, need.Bytes, node.Report.Facts.DataPlane,
        CacheBytes: need.CacheBytes);

    /// <summary>The memory of a device that is not promised; of a GPU, only the share that may be used counts.</summary>
    public long Free(NodeRecord node, DeviceFacts device) =>
        (device.Id.Kind == DeviceKind.Cuda
            ? (long)(request.Model.GpuMemoryUtilization * device.MemoryBytes)
            : device.MemoryBytes) - ledger.Reserved(node.Name, device.Id);

    /// <summary>
    /// The rank of a node among candidates, lowest first: whether the replica failed there, how many shards of the model it holds if
    /// replicas are spread, and how full it is.
    /// </summary>
    public (bool Avoided, int Occupied, long Free) Rank(NodeRecord node)
    {
        var free = node.Report!.Facts.Devices.Sum(device => Free(node, device));
        // The emptier node comes first if replicas are spread, the fuller one otherwise.
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

    // Each takes the smallest device that has room. Shards of one replica are on different devices, except on the CPU, which offers as many
    // as are asked for; experts may share a device with attention.
    private List<DeviceId> Devices(ShardNeed[] needs, NodeRecord node, Refusals? refusals)
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
                if (free < need.Bytes) refusals?.AddFree(node.Name, device.Id, free);
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
