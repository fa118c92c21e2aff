using Grid.Abstractions.Replicas;
using Grid.Grains.Replicas;

namespace Grid.Grains.Tests.Simulation;

/// <summary>The expert shards that the ranks of a node ask, by the plan that the node knows.</summary>
internal sealed class SimExperts(GridSimulation simulation, SimNode node)
{
    private const long Patience = 300;

    private readonly Dictionary<(string Replica, long Epoch, string Shard, int Generation), long> _silent = [];

    /// <summary>Whether every expert of a rank answers now; those whose process does not are lost soon.</summary>
    public bool Answer(string replica, long epoch)
    {
        if (node.Table.Plans().FirstOrDefault(p => p.Id == replica && p.Epoch == epoch) is not { Layout.Expert: > 0 } plan) return true;
        var answers = 0;
        foreach (var place in plan.Shards.Where(s => ShardNames.IsExpert(s.Shard)))
        {
            var process = simulation.Process(place.Incarnation);
            if (process is not { Alive: true }) Cut(new ShardLoss(replica, epoch, place.Shard, place.Generation, "broken"));
            else if (process.Table.StatusOf(replica, new ShardVersion(epoch, place.Generation), place.Shard) is { State: ShardState.Ready or ShardState.Draining }) answers++;
        }

        return answers == plan.Layout.Expert;
    }

    /// <summary>The link to an expert is broken.</summary>
    public void Cut(ShardLoss loss)
    {
        if (_silent.TryAdd((loss.Replica, loss.Epoch, loss.Shard, loss.Generation), simulation.Clock.Milliseconds)) simulation.Clock.After(Patience, node.Changed);
    }

    /// <summary>What the node reports of it.</summary>
    public ShardLoss[]? Lost()
    {
        if (_silent.Count == 0) return null;
        foreach (var (key, _) in _silent.Where(pair => simulation.Clock.Milliseconds - pair.Value > 10_000).ToArray()) _silent.Remove(key);
        return [.. _silent.Where(pair => simulation.Clock.Milliseconds - pair.Value >= Patience).Select(pair => new ShardLoss(pair.Key.Replica, pair.Key.Epoch, pair.Key.Shard, pair.Key.Generation, "no answer"))];
    }
}
