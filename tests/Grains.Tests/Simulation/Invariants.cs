using Grid.Abstractions.Replicas;
using Grid.Abstractions.Routing;
using Grid.Grains.Control;
using Grid.Grains.Placement;
using Grid.Grains.Records;
using Grid.Grains.Recovery;
using Grid.Grains.Store;

namespace Grid.Grains.Tests.Simulation;

/// <summary>What must hold at every moment, and what must hold at rest.</summary>
internal sealed class Invariants(GridSimulation simulation)
{
    private readonly Dictionary<long, (ReplicaId Id, Dictionary<(ShardId Shard, int Generation), string> Shards)> _places = [];
    private readonly Dictionary<long, PlanRecord> _running = [];
    private readonly Dictionary<(SimShell, string), (DateTimeOffset Joined, long Sequence)> _known = [];
    private readonly Dictionary<long, ReplicaTarget> _targets = [];
    private readonly HashSet<long> _offered = [];
    private long _highest;

    /// <summary>Expert shards that were placed anew while their replica ran.</summary>
    public int Experts { get; private set; }

    /// <summary>Ranks that were added while their replica ran.</summary>
    public int Ranks { get; private set; }

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
        var known = shell.Controller.Store.Nodes[report.Name].Report!;
        var now = (known.Facts.JoinedAt, known.Sequence);
        if (_known.TryGetValue((shell, report.Name), out var before) && now.CompareTo(before) < 0)
            throw Broken($"{report.Name}: report {now.Sequence} replaced {before.Sequence}");
        _known[(shell, report.Name)] = now;
    }

    /// <summary>
    /// Every plan has an epoch of its own, above all that were written before, and every placing of a shard under it a generation of its
    /// own.
    /// </summary>
    public void Written(SimShell shell, GridState state)
    {
        foreach (var (epoch, record) in state.Plans)
        {
            Abandoned(shell, record);
            if (_places.TryGetValue(epoch, out var place))
            {
                if (place.Id != record.Plan.Id) throw Broken($"epoch {epoch} is two plans, of {place.Id} and {record.Plan.Id}");
                foreach (var s in record.Places()) Placed(record.Plan, place.Shards, s);
                continue;
            }

            if (epoch <= _highest) throw Broken($"{record.Plan.Id} got epoch {epoch}, and {_highest} was given out before");
            _places.Add(epoch, (record.Plan.Id, record.Plan.Shards.ToDictionary(s => (s.Shard, s.Generation), s => s.Incarnation)));
        }

        foreach (var epoch in state.Plans.Keys) _highest = Math.Max(_highest, epoch);
        var live = new HashSet<ReplicaId>();
        foreach (var record in state.Plans.Values)
            if (!record.Abandoned && !live.Add(record.Plan.Id)) throw Broken($"{record.Plan.Id} has two plans in force");
    }

    /// <summary>A rank that was led to a newer placing of an expert never goes back.</summary>
    public void Followed(ReplicaPlan before, ReplicaPlan after)
    {
        foreach (var expert in before.Shards.Where(s => s.Shard.IsExpert))
            if (after.Shards.Any(s => s.Shard == expert.Shard && s.Generation < expert.Generation))
                throw Broken($"a rank of {before.Id}@{before.Epoch} went back from generation {expert.Generation} of {expert.Shard}");
    }

    /// <summary>Taking a replica out leaves minAvailable that were not taken out by us.</summary>
    public void Directed(SimShell shell, ReplicaDirective directive)
    {
        if (directive.Plan is not { } plan) return;
        var store = shell.Controller.Store;
        var before = _targets.GetValueOrDefault(plan.Epoch, ReplicaTarget.Serve);
        _targets[plan.Epoch] = directive.Target;
        if (before != ReplicaTarget.Serve || directive.Target == ReplicaTarget.Serve || !IsUp(plan) || !_offered.Contains(plan.Epoch))
            return;
        if (store.SpecOf(plan.Model) is not { } spec || store.Models[plan.Model].Desired is not { } desired) return;
        if (simulation.IsForced(plan)) return;
        var others = store.PlansOf(plan.Model)
            .Count(p => p.Key != plan.Epoch && p.Value is { Abandoned: false, Target: ReplicaTarget.Serve } && IsUp(p.Value.Plan, store));
        if (others < Math.Min(spec.MinAvailable, desired))
            throw Broken($"{plan.Id} was taken out and leaves {others} of {spec.Name}, whose minAvailable is {spec.MinAvailable}");
    }

    /// <summary>What is promised is what the plans and the nodes' reports say.</summary>
    public void Ledger(GridController controller)
    {
        var store = controller.Store;
        var planned = store.Plans.Values.SelectMany(r => r.Places().Select(s => (s.Node, r.Plan.Id, r.Plan.Epoch, s.Shard, s.Generation)))
            .ToHashSet();
        foreach (var promise in store.Ledger.All)
        {
            var key = (promise.Node, promise.Replica, promise.Epoch, promise.Shard, promise.Generation);
            if (planned.Remove(key)) continue;
            if (store.Nodes.TryGetValue(promise.Node, out var node)
                && node.Shard(promise.Replica, promise.Epoch, promise.Shard, promise.Generation) is not null) continue;
            if (controller.Orphans.HasOrphans(promise.Node)) continue;
            throw Broken($"{promise} belongs to nobody");
        }

        if (planned.Count > 0) throw Broken($"{planned.First()} has no reservation");
    }

    /// <summary>A replica is whole at one epoch at most, and one process at most holds a placing of a shard.</summary>
    public void Epochs()
    {
        var held = new HashSet<(ReplicaId, ShardId, long, int)>();
        foreach (var node in simulation.Nodes.Where(n => n.Alive))
            foreach (var s in node.Table.Statuses())
                if (!held.Add((s.Replica, s.Shard, s.Epoch, s.Generation)))
                    throw Broken($"{s.Replica}@{s.Epoch}/{s.Shard} is on two nodes at generation {s.Generation}");
        var whole = new Dictionary<ReplicaId, long>();
        foreach (var plan in simulation.Nodes.Where(n => n.Alive).SelectMany(n => n.Table.Plans()).DistinctBy(p => (p.Id, p.Epoch)))
            if (IsUp(plan) && !whole.TryAdd(plan.Id, plan.Epoch))
                throw Broken($"{plan.Id} serves at epochs {whole[plan.Id]} and {plan.Epoch}");
    }

    /// <summary>At rest: what was asked for is what the nodes hold, and every request has its answer.</summary>
    public string? NotAtRest(GridController controller)
    {
        var store = controller.Store;
        if (simulation.Nodes.FirstOrDefault(n => n is { Alive: false, DeclaredDead: false }) is { } silent)
            return $"{silent.Name} died, and nobody knows yet";
        foreach (var node in simulation.Nodes.Where(n => n.Alive))
            foreach (var shard in node.Table.Statuses())
                if (!store.Plans.TryGetValue(shard.Epoch, out var record)
                    || !record.Plan.Shards.Any(
                    s => s.Shard == shard.Shard && s.Incarnation == node.Incarnation && s.Generation == shard.Generation))
                    return $"{node.Name} holds {shard.Replica}@{shard.Epoch}/{shard.Shard} ({shard.State}), and nobody wants it";
        if (store.Ledger.All.Count != store.Plans.Values.Sum(r => r.Plan.Shards.Length))
            return $"{store.Ledger.All.Count} promises to {store.Plans.Values.Sum(r => r.Plan.Shards.Length)} shards";
        foreach (var model in store.Models.Values)
        {
            if (model.Spec is null) return $"{model.Name} is not deleted yet";
            var records = store.PlansOf(model.Name).Select(p => p.Value).ToArray();
            if (records.Length != model.Desired)
                return $"{model.Name} has {records.Length} plans, desired {model.Desired}: {model.Decision?.State} "
                    + $"{model.Decision?.Message}";
            if (model.Spec.Replicas is { } fixedNumber
                && model.Desired != (store.Overrides.TryGetValue(model.Name, out var scale) ? scale : fixedNumber))
                return $"{model.Name} desires {model.Desired}";
            foreach (var record in records)
            {
                if (record.Target != ReplicaTarget.Serve || record.Plan.Revision != model.Revision || !IsUp(record.Plan))
                    return $"{record.Plan.Id}@{record.Plan.Epoch} is {store.Progress[record.Plan.Epoch].State}, wanted "
                        + $"{record.Target}; {record.Plan.Revision == model.Revision} "
                        + string.Join(' ', record.Plan.Shards.Select(shard => Describe(record.Plan, shard)));
                if (!ShardRepair.IsFilled(record.Plan)
                    || record.Plan.Shards.FirstOrDefault(s => !IsHeld(record.Plan, s, null, ShardState.Ready)) is not null)
                    return $"{record.Plan.Id}@{record.Plan.Epoch} is not whole";
                if (record.Next is not null || (ReplicaShape.LayoutOf(model.Spec) is { } wanted && record.Plan.Layout != wanted))
                    return $"{record.Plan.Id} is {record.Plan.Layout}, wanted {model.Spec.Parallelism}, {record.Next?.Length ?? 0} "
                        + "shards move";
                if (record.Plan.Shards.FirstOrDefault(
                    s => store.Cordons.TryGetValue(s.Node, out var cordon) && cordon.Drained) is { } forgotten)
                    return $"{record.Plan.Id}/{forgotten.Shard} stands on drained {forgotten.Node}";
            }
        }

        if (controller.Operations.FirstOrDefault(o => o.EndedAt is null) is { } open)
            return $"{open.Id} {open.Kind} {open.Target} is {open.State}: {open.Message}";
        return simulation.Gateway.Finishes == simulation.Gateway.Sent
            ? null
            : $"{simulation.Gateway.Sent - simulation.Gateway.Finishes} requests have no answer, {simulation.Gateway.Waiting} wait";
    }

    public InvariantException Broken(string message) => new($"at {simulation.Clock.Milliseconds} ms: {message}");

    // A shard that comes later has a generation above all before it.
    private void Placed(ReplicaPlan plan, Dictionary<(ShardId Shard, int Generation), string> known, ShardPlan place)
    {
        if (known.TryGetValue((place.Shard, place.Generation), out var incarnation))
        {
            if (incarnation != place.Incarnation)
                throw Broken(
                    $"{plan.Id}@{plan.Epoch}/{place.Shard} has two places at generation {place.Generation}, {incarnation} and "
                    + $"{place.Incarnation}");
            return;
        }

        if (place.Generation <= known.Where(pair => pair.Key.Shard == place.Shard).Select(pair => pair.Key.Generation).DefaultIfEmpty(0)
            .Max())
            throw Broken(
                $"{plan.Id}@{plan.Epoch}/{place.Shard} came to {place.Incarnation} at generation {place.Generation}, and had a higher one");
        known.Add((place.Shard, place.Generation), place.Incarnation);
        if (place.Shard.IsExpert) Experts++;
        else Ranks++;
    }

    // No rank is lost by an expert's or another rank's loss, unless nothing helps.
    private void Abandoned(SimShell shell, PlanRecord record)
    {
        if (!record.Abandoned)
        {
            _running[record.Plan.Epoch] = record;
            return;
        }

        if (!_running.Remove(record.Plan.Epoch, out var before) || before.Target == ReplicaTarget.Stop || before.Plan.Layout.Expert == 0)
            return;
        var well = before.Plan.Shards.FirstOrDefault(s => !before.Plan.IsLeaving(s.Shard) && IsServed(before, s));
        if (well is null) return;
        var why = shell.Controller.GetEvents(0, int.MaxValue)
            .Last(e => e.Object == $"replica/{record.Plan.Id}" && e.Reason is "ReplicaLost" or "ReplicaFailed").Message;
        if (!why.Contains("no place for", StringComparison.Ordinal) && !why.Contains("failures in a row", StringComparison.Ordinal))
            throw Broken($"{record.Plan.Id}@{record.Plan.Epoch} was given up and its {well.Shard} is well: {why}");
    }

    // Whether one that came later has joined is not known here. An elastic model's ranks have one shard.
    private bool IsServed(PlanRecord record, ShardPlan place) =>
        record.Served && place.Generation == 0 && !place.Shard.IsExpert
        && IsHeld(record.Plan, place, null, ShardState.Ready, ShardState.Draining);

    // Ranks that were added and those that leave are not what a replica serves with.
    private static bool IsComing(ReplicaPlan plan, ShardPlan place) =>
        !place.Shard.IsExpert && (place.Generation > 0 || plan.IsLeaving(place.Shard));

    private bool IsHeld(ReplicaPlan plan, ShardPlan place, GridStore? known, params ShardState[] states) =>
        simulation.Process(place.Incarnation) is { } node
        && (!node.DeclaredDead || (known?.Nodes[place.Node] is { IsLive: true } seen && seen.Report!.Incarnation == place.Incarnation))
        && node.Table.StatusOf(plan.Id, new ShardVersion(plan.Epoch, place.Generation), place.Shard) is { } status
        && states.Contains(status.State);

    // A node that died and was not declared dead yet counts, and so does one of whose death a controller has not been told: nobody could
    // know.
    private bool IsUp(ReplicaPlan plan, GridStore? known = null)
    {
        foreach (var shard in plan.Shards)
            if (!IsComing(plan, shard) && !IsHeld(plan, shard, known, ShardState.Ready)) return false;
        return ShardRepair.HasExperts(plan)
            && plan.Shards.Any(
            shard => !shard.Shard.IsExpert && !plan.IsLeaving(shard.Shard) && IsHeld(plan, shard, known, ShardState.Ready));
    }

    private string Describe(ReplicaPlan plan, ShardPlan shard)
    {
        var process = simulation.Process(shard.Incarnation);
        var held = process?.Table.StatusOf(plan.Id, new ShardVersion(plan.Epoch, shard.Generation), shard.Shard)?.State;
        return $"{shard.Incarnation} {process?.DeclaredDead} {held}";
    }
}
