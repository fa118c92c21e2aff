using Grid.Abstractions.Replicas;
using Grid.Grains.Records;

namespace Grid.Grains.Tests.Simulation;

/// <summary>The expert shards that the ranks of a node ask, each rank by the plan that it was told last.</summary>
internal sealed class SimExperts(GridSimulation simulation, SimNode node)
{
    private const long Patience = 300;
    private const long Remembered = 5000;

    private readonly Dictionary<(ReplicaId Replica, long Epoch, int Rank), ReplicaPlan> _plans = [];
    private readonly Dictionary<ShardLoss, long> _silent = [];

    /// <summary>Experts that a rank of this node asks.</summary>
    public IEnumerable<(ReplicaPlan Plan, ShardPlan Place)> Asked =>
        _plans.Values.SelectMany(plan => plan.Shards.Where(s => s.Shard.IsExpert).Select(place => (plan, place)));

    /// <summary>A rank goes by this plan from now on.</summary>
    public void Follow(ReplicaPlan plan, int rank)
    {
        if (plan.Layout.Expert == 0) return;
        if (_plans.TryGetValue((plan.Id, plan.Epoch, rank), out var before)) simulation.Invariants.Followed(before, plan);
        _plans[(plan.Id, plan.Epoch, rank)] = plan;
    }

    /// <summary>Whether every expert of a rank answers now; those whose process does not are lost soon.</summary>
    public bool Answer(ReplicaId replica, long epoch, int rank)
    {
        if (!_plans.TryGetValue((replica, epoch, rank), out var plan)) return true;
        var answers = 0;
        foreach (var place in plan.Shards.Where(s => s.Shard.IsExpert))
        {
            var process = simulation.Process(place.Incarnation);
            if (process is not { Alive: true }) Cut(plan, place);
            else if (process.Table.StatusOf(replica, new ShardVersion(epoch, place.Generation),
                place.Shard) is { State: ShardState.Ready or ShardState.Draining }) answers++;
        }

        return answers == plan.Layout.Expert;
    }

    /// <summary>The link to an expert is broken.</summary>
    public void Cut(ReplicaPlan plan, ShardPlan place)
    {
        var loss = new ShardLoss(plan.Id, plan.Epoch, place.Shard.Expert!.Value, place.Generation, "no answer");
        if (_silent.TryAdd(loss, simulation.Clock.Milliseconds)) simulation.Clock.After(Patience, node.Changed);
    }

    /// <summary>What the node reports of it.</summary>
    public ShardLoss[]? Lost()
    {
        if (_silent.Count == 0) return null;
        foreach (var loss in _silent.Where(pair => simulation.Clock.Milliseconds - pair.Value > Remembered).Select(pair => pair.Key)
            .ToArray()) _silent.Remove(loss);
        return [.. _silent.Where(pair => simulation.Clock.Milliseconds - pair.Value >= Patience).Select(pair => pair.Key)];
    }
}
