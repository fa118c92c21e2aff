using Grid.Abstractions.Admin;
using Grid.Abstractions.Events;
using Grid.Abstractions.Operations;
using Grid.Abstractions.Replicas;
using Grid.Grains.Operations;
using Grid.Grains.Placement;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Draining;

/// <summary>
/// Cordons and drains. Drains take turns; one that is blocked lets the next begin, and nodes that leave wait for
/// nobody.
/// </summary>
internal sealed class DrainController(GridStore store, NodeDrains drains, OperationController operations, ReplicaScheduler placement)
{
    private const string LeavingActor = "silo";

    public AdminFault? Cordon(string name, bool cordoned, string actor)
    {
        if (!store.Nodes.ContainsKey(name)) return AdminFaults.NotFound("node", name);
        if (cordoned)
        {
            if (store.Cordon(name, new CordonRecord(actor, store.Now, null, false)))
                Note(name, EventReasons.NodeCordoned, "takes no new shard", actor);
            return null;
        }

        foreach (var drain in operations.Opened(OperationKind.Drain, name).Where(o => o.Actor != LeavingActor).ToArray())
            operations.End(drain, OperationState.Cancelled, EventReasons.Uncordoned, $"cancelled by {actor}");
        if (store.Uncordon(name)) Note(name, EventReasons.NodeUncordoned, "takes shards again", actor);
        return null;
    }

    public AdminResult<OperationView> Drain(string name, DrainRequest request, string actor)
    {
        if (Refuse(name) is { } fault) return fault;
        var timeout = request.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        if (operations.Opened(OperationKind.Drain, name).FirstOrDefault() is { } open)
        {
            var changed = open with { Timeout = timeout ?? open.Timeout, Force = open.Force || request.Force };
            if (changed != open) store.ReplaceOperation(open, changed);
            return changed.View();
        }

        var (preview, code) = Check(name, request.Force);
        if (!preview.Allowed) return new AdminFault(409, code!, $"Node '{name}' cannot be drained: {preview.Reasons[0]}", preview.Reasons);
        var forced = string.Concat(preview.Reasons.Select(reason => $"; forced: {reason}"));
        var message = $"{Count(preview.Moves.Length, "shard")} to move, {Count(preview.Streams, "stream")}{forced}";
        var operation = operations.Open(OperationKind.Drain, name, message, actor, timeout, request.Force);
        store.Cordon(name, new CordonRecord(actor, store.Now, operation.Id, false));
        Advance();
        return operations.Find(operation.Id)!.View();
    }

    public AdminResult<DrainPreview> Preview(string node, DrainRequest request) =>
        Refuse(node) is { } fault ? fault : Check(node, request.Force).Preview;

    /// <summary>Ends a drain and, where the drain made it, its cordon.</summary>
    public OperationView Cancel(OperationRecord drain, string actor)
    {
        var ended = operations.End(drain, OperationState.Cancelled, EventReasons.Cancelled, $"cancelled by {actor}");
        if (store.Cordons.TryGetValue(drain.Target, out var cordon) && cordon.Operation == drain.Id) store.Uncordon(drain.Target);
        return ended.View();
    }

    /// <summary>
    /// Gives drains their turns, starts drains of leaving nodes, ends those of empty nodes, and records which are blocked.
    /// </summary>
    public void Advance()
    {
        foreach (var node in store.Nodes.Values)
        {
            if (node is not { IsLive: true, Report.Leaving: true } || operations.Opened(OperationKind.Drain, node.Name).Any()
                || drains.IsEmpty(node)) continue;
            operations.Open(
                OperationKind.Drain, node.Name, "the node is shutting down", LeavingActor, node.Report.LeaveBy - store.Now, force: true,
                turnAt: store.Now);
        }

        var open = store.Operations.Where(o => o is { IsOpen: true, Kind: OperationKind.Drain }).ToArray();
        var busy = open.Any(o => o is { State: OperationState.Running, TurnAt: not null } && o.Actor != LeavingActor);
        foreach (var drain in open)
        {
            if (drain.TurnAt is not null) Advance(drain);
            else if (!busy)
            {
                busy = true;
                var begun = drain with { TurnAt = store.Now };
                store.ReplaceOperation(drain, begun with { Deadline = drains.DeadlineOf(begun) });
                Advance(operations.Find(drain.Id)!);
            }
        }
    }

    private void Advance(OperationRecord drain)
    {
        if (!store.Nodes.TryGetValue(drain.Target, out var node) || !node.IsLive)
        {
            if (store.Gathering || MayReturn(node, drain)) return;
            operations.End(drain, drain.Actor == LeavingActor || drain.Force ? OperationState.Succeeded : OperationState.Failed,
                EventReasons.NodeGone, $"{drain.Target} is gone");
            return;
        }

        if (drains.IsEmpty(node))
        {
            var stays = node.Report!.Facts.Roles.Where(role => role is "store" or "gateway").ToArray();
            var message = stays.Contains("store")
                ? $"no shard and no stream left; {string.Join(" and ", stays)} stay on {node.Name}"
                : "no shard and no stream left";
            operations.End(drain, OperationState.Succeeded, null, message);
            store.SetDrained(node.Name);
            return;
        }

        var late = drains.DeadlineOf(drain) is { } deadline && store.Now > deadline + GridTimes.BlockedGrace;
        if (late == (drain.State == OperationState.Blocked)) return;
        operations.End(drain, late ? OperationState.Blocked : OperationState.Running, late ? EventReasons.InsufficientCapacity : null,
            late ? Blockers(node) : null);
    }

    // After a restart of the whole grid nodes come back one by one.
    private bool MayReturn(NodeRecord? node, OperationRecord drain) =>
        node?.Report is null && drain.Actor != LeavingActor && store.Now - store.StartedAt < (drain.Timeout ?? GridTimes.DrainTimeout);

    private string Blockers(NodeRecord node)
    {
        var waiting = store.PlansOn(node.Name).Select(epoch => store.Plans[epoch]).Select(record =>
        {
            var room = store.PlansOf(record.Plan.Model)
                .Where(pair => pair.Key != record.Plan.Epoch && Reports.IsAvailable(store, pair.Value))
                .Sum(pair => Reports.Room(store, pair.Value));
            return $"{record.Plan.Id}: {Count(Reports.Streams(store, record), "stream")}, room for {room} "
                + $"elsewhere{(store.Models.GetValueOrDefault(record.Plan.Model)?.PlacementFailure is { } missing ? $", {missing}" : "")}";
        });
        return $"{Count(node.Streams, "stream")} and {Count(node.Report!.Shards.Length, "shard")} left past the deadline; "
            + $"{string.Join("; ", waiting)}";
    }

    private AdminFault? Refuse(string name) =>
        !store.Nodes.TryGetValue(name, out var node) ? AdminFaults.NotFound("node", name)
        : !node.IsLive
        ? AdminFaults.Conflict($"Node '{name}' is {node.Membership.ToString().ToLowerInvariant()}: there is nothing to drain.")
        : null;

    // Places what would have to move, after everything that drains accepted so far still have to move, into a copy of the ledger.
    private (DrainPreview Preview, string? Code) Check(string name, bool force)
    {
        var closing = store.Operations.Where(o => o is { IsOpen: true, Kind: OperationKind.Drain }).Select(o => o.Target).Append(name)
            .ToHashSet();
        foreach (var leaving in store.Nodes.Values.Where(n => n.Report?.Leaving ?? false)) closing.Add(leaving.Name);
        var open = store.Nodes.Values.Where(n => !closing.Contains(n.Name)).ToArray();
        var ledger = store.Ledger.Copy();
        var reasons = new List<string>();
        var moves = new List<ShardMove>();
        string? code = null;
        foreach (var model in store.Models.Values.Where(m => m.Spec is not null).OrderByDescending(m => m.Spec!.Placement?.Priority ?? 0)
            .ThenBy(m => m.Name, StringComparer.Ordinal))
        {
            var serving = store.PlansOf(model.Name).Select(p => p.Value).Where(r => r is { Abandoned: false, Target: ReplicaTarget.Serve })
                .ToArray();
            var moving = serving.Where(
                r => r.Plan.Shards.Any(s => closing.Contains(s.Node)) && !MovesAlone(r, name, closing, open, ledger, moves)).ToArray();
            if (moving.Length == 0) continue;
            var desired = model.Desired ?? serving.Length;
            var needed = Math.Max(0, desired - (serving.Length - moving.Length));
            var places = Replacements(model, needed, open, ledger, out var missing);
            var next = 0;
            foreach (var record in moving.OrderByDescending(r => r.Plan.Shards.Any(s => s.Node == name)))
            {
                var to = next < places.Count ? places[next++] : null;
                foreach (var shard in record.Plan.Shards.Where(s => s.Node == name))
                    moves.Add(
                        new ShardMove(record.Plan.Id.Shard(shard.Shard), name, to?.FirstOrDefault(s => s.Shard == shard.Shard)?.Node));
            }

            if (missing is null || !moving.Any(r => r.Plan.Shards.Any(s => s.Node == name))) continue;
            var left = desired - (needed - places.Count);
            var least = Math.Min(store.Rules.MinAvailable(model.Spec!), desired);
            if (left < least) code = "min_available";
            else code ??= "no_capacity";
            reasons.Add(left < least
                ? $"{model.Name}: minAvailable is {least}, and {left} of {desired} replicas would be left; {missing}"
                : $"{model.Name}: {needed - places.Count} of {needed} replicas would find no place; {missing}");
        }

        var streams = store.Nodes[name].Streams;
        if (force && reasons.Count > 0) reasons.Add($"{streams} streams on {name} are cut at the deadline where no rank has room");
        return (new DrainPreview(code is null || force, [.. reasons], [.. moves], streams), code);
    }

    // Experts on other nodes than their ranks are moved one by one if they find a place.
    private bool MovesAlone(PlanRecord record, string name, HashSet<string> closing, NodeRecord[] open, Ledger ledger,
        List<ShardMove> moves)
    {
        var leaving = record.Plan.Shards.Where(place => closing.Contains(place.Node)).ToArray();
        if (!leaving.All(place => place.Shard.IsExpert)) return false;
        var found = new List<ShardPlan>();
        foreach (var place in leaving)
        {
            var begun = record.Next?.FirstOrDefault(next => next.Shard == place.Shard && !closing.Contains(next.Node));
            var to = begun ?? placement.Find(record, [place.Shard], [], [.. record.Plan.Shards, .. found], open, ledger).Shards?[0];
            if (to is null) break;
            found.Add(to);
            ledger.Reserve(GridStore.ReservationOf(record.Plan, to));
        }

        if (found.Count < leaving.Length)
        {
            foreach (var place in found.Where(place => record.Next?.Contains(place) != true))
                ledger.Release(GridStore.ReservationOf(record.Plan, place));
            return false;
        }

        moves.AddRange(
            leaving.Where(place => place.Node == name)
            .Select(place => new ShardMove(record.Plan.Id.Shard(place.Shard), name, found.First(to => to.Shard == place.Shard).Node)));
        return true;
    }

    private List<ShardPlan[]> Replacements(ModelRecord model, int needed, NodeRecord[] open, Ledger ledger, out string? missing)
    {
        var places = new List<ShardPlan[]>();
        missing = null;
        while (places.Count < needed)
        {
            var found = Placer.Place(placement.Request(model, $"a replica of {model.Name}", []), open, ledger);
            missing = found.Missing;
            if (found.Shards is null) break;
            var replica = new ReplicaId(model.Name, places.Count);
            foreach (var shard in found.Shards)
                ledger.Reserve(
                    new Reservation(shard.Node, shard.Device, replica, long.MaxValue - places.Count, shard.Shard, shard.ReservedBytes));
            places.Add(found.Shards);
        }

        return places;
    }

    private void Note(string node, string reason, string message, string actor) =>
        store.Log.Add(EventTypes.Normal, reason, $"node/{node}", message, actor);

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
