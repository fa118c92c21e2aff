using Grid.Abstractions.Replicas;
using Grid.Grains.Nodes;

namespace Grid.Grains.Placement;

/// <summary>Finds devices for all shards of a replica: on one node where that fits, else stage by stage, else shard by shard.</summary>
internal static class Placer
{
    /// <summary>Looks for a place; reserves nothing.</summary>
    /// <param name="request">What wants a place.</param>
    /// <param name="nodes">All nodes, in a fixed order.</param>
    /// <param name="ledger">What is promised already.</param>
    public static PlacementResult Place(PlacementRequest request, IReadOnlyList<NodeRecord> nodes, Ledger ledger)
    {
        var names = ReplicaShape.ShardsOf(request.Layout);
        var refusals = new Refusals();
        var open = new List<NodeRecord>(nodes.Count);
        foreach (var node in nodes)
        {
            if (WhyNot(request, node) is { } why) refusals.Add(why, node.Name);
            else open.Add(node);
        }

        foreach (var group in new[] { names.Length, request.Layout.Tensor, 1 }.Distinct())
        {
            if (group > 1 && names.Length % group != 0) continue;
            if (Spread(request, names, group, open, ledger, refusals) is { } shards) return new PlacementResult(shards, null);
        }

        return new PlacementResult(null, refusals.Say(request, names.Length, nodes.Count));
    }

    /// <summary>Why a node is no candidate, in a word or two; null: it is one.</summary>
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

    private static ShardPlan[]? Spread(PlacementRequest request, string[] names, int group, List<NodeRecord> open, Ledger ledger, Refusals refusals)
    {
        var taken = new Dictionary<(string Node, string Device), long>();
        var plans = new List<ShardPlan>(names.Length);
        for (var start = 0; start < names.Length; start += group)
        {
            var best = Best(request, group, open, ledger, taken, refusals);
            if (best is null) return null;
            foreach (var device in Devices(request, group, best, ledger, taken, null))
            {
                plans.Add(new ShardPlan(names[plans.Count], best.Name, best.Report!.Incarnation, best.Report.SiloAddress, device, request.BytesPerShard, best.Report.Facts.DataPlane));
                taken[(best.Name, device)] = taken.GetValueOrDefault((best.Name, device)) + request.BytesPerShard;
            }
        }

        return [.. plans];
    }

    private static NodeRecord? Best(
        PlacementRequest request, int group, List<NodeRecord> open, Ledger ledger, Dictionary<(string Node, string Device), long> taken, Refusals refusals)
    {
        NodeRecord? best = null;
        var bestScore = default((bool, bool, int, long));
        foreach (var node in open)
        {
            if (Devices(request, group, node, ledger, taken, refusals).Count < group) continue;
            var free = node.Report!.Facts.Devices.Sum(d => d.MemoryBytes - ledger.Reserved(node.Name, d.Id));
            var spread = request.Rules?.Spread != "none";
            // The shards of one replica keep together; replicas keep apart; what is emptier comes first where they do, what is fuller where they need not.
            var score = (request.Avoid.Contains(node.Name), !taken.Keys.Any(key => key.Node == node.Name), spread ? request.Occupied.GetValueOrDefault(node.Name) : 0, spread ? -free : free);
            if (best is not null && score.CompareTo(bestScore) >= 0) continue;
            best = node;
            bestScore = score;
        }

        return best;
    }

    // Shards of one replica stand on different devices, but for the CPU, which offers as many as are asked for.
    private static List<string> Devices(
        PlacementRequest request, int count, NodeRecord node, Ledger ledger, Dictionary<(string Node, string Device), long> taken, Refusals? refusals)
    {
        var found = new List<string>(count);
        foreach (var device in node.Report!.Facts.Devices)
        {
            var free = device.MemoryBytes - ledger.Reserved(node.Name, device.Id);
            var used = taken.GetValueOrDefault((node.Name, device.Id));
            if (free - used < request.BytesPerShard) refusals?.AddFree(node.Name, device.Id, free - used);
            if (device.Kind != "cpu")
            {
                if (used == 0 && free >= request.BytesPerShard) found.Add(device.Id);
            }
            else
            {
                for (var left = free - used; left >= request.BytesPerShard && found.Count < count; left -= request.BytesPerShard) found.Add(device.Id);
            }

            if (found.Count == count) break;
        }

        return found;
    }

    private static string Short(string checksum) => checksum.Length <= 19 ? checksum : checksum[..19];
}
