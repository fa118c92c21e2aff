using Grid.Abstractions.Replicas;
using Grid.Abstractions.Routing;
using Grid.Grains.Reconciliation;
using Grid.Grains.Replicas;

namespace Grid.Grains.Tests.Simulation;

/// <summary>What must hold at every moment, and what must hold at rest.</summary>
internal sealed class Invariants(GridSimulation simulation)
{
    private readonly Dictionary<long, (string Id, HashSet<(string, string)> Shards)> _places = [];
    private readonly Dictionary<(SimShell, string), (DateTimeOffset Joined, long Sequence)> _known = [];
    private readonly Dictionary<long, ReplicaTarget> _targets = [];
    private readonly HashSet<long> _offered = [];
    private long _highest;

    /// <summary>Gateways may send to these from now on.</summary>
    public void Offered(RoutingTable table)
    {
        foreach (var model in table.Models)
            foreach (var rank in model.Ranks)
                if (rank.Accepting) _offered.Add(rank.Epoch);
    }

    /// <summary>What a controller knows of a node never grows older.</summary>
    public void Handled(SimShell shell, GridEvent e)
    {
        if (e is not GridEvent.NodeReported(var report)) return;
        var known = shell.Controller.World.Nodes[report.Name].Report!;
        var now = (known.Facts.JoinedAt, known.Sequence);
        if (_known.TryGetValue((shell, report.Name), out var before) && now.CompareTo(before) < 0) throw Broken($"{report.Name}: report {now.Sequence} replaced {before.Sequence}");
        _known[(shell, report.Name)] = now;
    }

    /// <summary>Every plan has an epoch of its own, above all that were written before.</summary>
    public void Written(GridState state)
    {
        foreach (var (epoch, record) in state.Plans)
        {
            if (_places.TryGetValue(epoch, out var place))
            {
                if (place.Id != record.Plan.Id || !record.Plan.Shards.All(s => place.Shards.Contains((s.Shard, s.Incarnation)))) throw Broken($"epoch {epoch} is two plans, of {place.Id} and {record.Plan.Id}");
                continue;
            }

            if (epoch <= _highest) throw Broken($"{record.Plan.Id} got epoch {epoch}, and {_highest} was given out before");
            _places.Add(epoch, (record.Plan.Id, [.. record.Plan.Shards.Select(s => (s.Shard, s.Incarnation))]));
        }

        foreach (var epoch in state.Plans.Keys) _highest = Math.Max(_highest, epoch);
        var live = new HashSet<string>();
        foreach (var record in state.Plans.Values)
            if (!record.Abandoned && !live.Add(record.Plan.Id)) throw Broken($"{record.Plan.Id} has two plans in force");
    }

    /// <summary>Taking a replica out leaves minAvailable that were not taken out by us.</summary>
    public void Directed(SimShell shell, ReplicaDirective directive)
    {
        var world = shell.Controller.World;
        var before = _targets.GetValueOrDefault(directive.Plan.Epoch, ReplicaTarget.Serve);
        _targets[directive.Plan.Epoch] = directive.Target;
        if (before != ReplicaTarget.Serve || directive.Target == ReplicaTarget.Serve || !IsUp(directive.Plan) || !_offered.Contains(directive.Plan.Epoch)) return;
        if (world.SpecOf(directive.Plan.Model) is not { } spec || world.Models[directive.Plan.Model].Desired is not { } desired) return;
        if (simulation.IsForced(directive.Plan)) return;
        var others = world.PlansOf(directive.Plan.Model).Count(p => p.Key != directive.Plan.Epoch && p.Value is { Abandoned: false, Target: ReplicaTarget.Serve } && IsUp(p.Value.Plan));
        if (others < Math.Min(spec.MinAvailable, desired))
            throw Broken($"{directive.Plan.Id} was taken out and leaves {others} of {spec.Name}, whose minAvailable is {spec.MinAvailable}");
    }

    /// <summary>What is promised is what the plans and the nodes' reports say.</summary>
    public void Ledger(GridController controller)
    {
        var world = controller.World;
        var planned = world.State.Plans.Values.SelectMany(r => r.Plan.Shards.Select(s => (s.Node, r.Plan.Id, r.Plan.Epoch, s.Shard))).ToHashSet();
        foreach (var promise in world.Ledger.All)
        {
            var key = (promise.Node, promise.Replica, promise.Epoch, promise.Shard);
            if (planned.Remove(key)) continue;
            if (world.Nodes.TryGetValue(promise.Node, out var node) && node.Shard(promise.Replica, promise.Epoch, promise.Shard) is not null) continue;
            throw Broken($"{promise} belongs to nobody");
        }

        if (planned.Count > 0) throw Broken($"{planned.First()} has no reservation");
    }

    /// <summary>A replica is whole at one epoch at most.</summary>
    public void Epochs()
    {
        var whole = new Dictionary<string, long>();
        foreach (var plan in simulation.Nodes.Where(n => n.Alive).SelectMany(n => n.Table.Plans()).DistinctBy(p => (p.Id, p.Epoch)))
            if (IsUp(plan) && !whole.TryAdd(plan.Id, plan.Epoch)) throw Broken($"{plan.Id} serves at epochs {whole[plan.Id]} and {plan.Epoch}");
    }

    /// <summary>At rest: what was asked for is what the nodes hold, and every request has its answer.</summary>
    public string? NotAtRest(GridController controller)
    {
        var world = controller.World;
        if (simulation.Nodes.FirstOrDefault(n => n is { Alive: false, DeclaredDead: false }) is { } silent) return $"{silent.Name} died, and nobody knows yet";
        foreach (var node in simulation.Nodes.Where(n => n.Alive))
            foreach (var shard in node.Table.Statuses())
                if (!world.State.Plans.TryGetValue(shard.Epoch, out var record) || !record.Plan.Shards.Any(s => s.Shard == shard.Shard && s.Incarnation == node.Incarnation))
                    return $"{node.Name} holds {shard.Replica}@{shard.Epoch}/{shard.Shard} ({shard.State}), and nobody wants it";
        foreach (var model in world.Models.Values)
        {
            if (model.Spec is null) return $"{model.Name} is not deleted yet";
            var records = world.PlansOf(model.Name).Select(p => p.Value).ToArray();
            if (records.Length != model.Desired) return $"{model.Name} has {records.Length} plans, desired {model.Desired}: {model.Wish?.State} {model.Wish?.Message}";
            if (model.Spec.Replicas is { } fixedNumber && model.Desired != (world.State.Overrides.TryGetValue(model.Name, out var scale) ? scale : fixedNumber)) return $"{model.Name} desires {model.Desired}";
            foreach (var record in records)
            {
                if (record.Target != ReplicaTarget.Serve || record.Plan.Revision != model.Revision || !IsUp(record.Plan)) return $"{record.Plan.Id}@{record.Plan.Epoch} is {world.Progress[record.Plan.Epoch].State}, wanted {record.Target}; {record.Plan.Revision == model.Revision} {string.Join(' ', record.Plan.Shards.Select(s => $"{s.Incarnation} {simulation.Process(s.Incarnation)?.DeclaredDead} {simulation.Process(s.Incarnation)?.Table.StatusOf(record.Plan.Id, new ShardVersion(record.Plan.Epoch, s.Generation), s.Shard)?.State} {world.Nodes.GetValueOrDefault(s.Node)?.Late}"))}";
                if (record.Plan.Shards.FirstOrDefault(s => world.State.Cordons.TryGetValue(s.Node, out var cordon) && cordon.Drained) is { } forgotten) return $"{record.Plan.Id}/{forgotten.Shard} stands on drained {forgotten.Node}";
            }
        }

        if (controller.Operations.FirstOrDefault(o => o.EndedAt is null) is { } open) return $"{open.Id} {open.Kind} {open.Target} is {open.State}: {open.Message}";
        return simulation.Gateway.Finishes == simulation.Gateway.Sent ? null : $"{simulation.Gateway.Sent - simulation.Gateway.Finishes} requests have no answer, {simulation.Gateway.Waiting} wait";
    }

    public InvariantException Broken(string message) => new($"at {simulation.Clock.Milliseconds} ms: {message}");

    // A node that died and was not declared dead yet counts: nobody could know.
    private bool IsUp(ReplicaPlan plan)
    {
        foreach (var shard in plan.Shards)
            if (simulation.Process(shard.Incarnation) is not { DeclaredDead: false } node || node.Table.StatusOf(plan.Id, new ShardVersion(plan.Epoch, shard.Generation), shard.Shard)?.State != ShardState.Ready) return false;
        return plan.Shards.Length > 0;
    }
}
