using Grid.Abstractions.Replicas;
using Grid.Grains.Nodes;
using Grid.Grains.Replicas;

namespace Grid.Grains.Reconciliation;

/// <summary>Operations: opened by admins, rollouts and nodes that leave; ended when what they ask for is seen.</summary>
internal sealed class OperationBook(GridWorld world)
{
    private const int EndedKept = 50;

    /// <summary>Opens an operation.</summary>
    public OperationRecord Open(OperationKind kind, string target, string message, string actor, TimeSpan? timeout = null, bool force = false, DateTimeOffset? turnAt = null)
    {
        var operation = new OperationRecord(
            $"op-{++world.State.LastOperation}", kind, target, OperationState.Running, null, message, world.Now, null, timeout, turnAt, force, actor);
        world.State.Operations.Add(operation);
        world.Changed = true;
        world.Log.Add(world.Now, "Normal", $"{kind}Started", ObjectOf(operation), $"{operation.Id}: {message}", actor);
        Trim();
        return operation;
    }

    /// <summary>Opens a rollout of a model that has replicas of another revision; an older one is overtaken.</summary>
    public OperationRecord? StartRollout(ModelRecord model, string before)
    {
        if (!world.PlansOf(model.Name).Any(pair => !pair.Value.Abandoned)) return null;
        Overtake(OperationKind.Rollout, model.Name);
        return Open(OperationKind.Rollout, model.Name, $"from {Short(before)} to {Short(model.Revision!)}", "grid");
    }

    /// <summary>Ends open operations of a kind on a target: a newer one took their place.</summary>
    public void Overtake(OperationKind kind, string target)
    {
        foreach (var open in Opened(kind, target).ToArray()) End(open, OperationState.Cancelled, "Overtaken", "a newer operation took its place");
    }

    /// <summary>Open operations of a kind on a target, oldest first.</summary>
    public IEnumerable<OperationRecord> Opened(OperationKind kind, string target) =>
        world.State.Operations.Where(o => o.IsOpen && o.Kind == kind && o.Target == target);

    /// <summary>Finds one by id.</summary>
    public OperationRecord? Find(string id) => world.State.Operations.Find(o => o.Id == id);

    /// <summary>Ends an operation, or changes its state.</summary>
    public OperationRecord End(OperationRecord operation, OperationState state, string? reason, string? message)
    {
        var ended = operation with { State = state, Reason = reason, Message = message ?? operation.Message };
        if (!ended.IsOpen) ended = ended with { EndedAt = world.Now };
        Replace(operation, ended);
        world.Log.Add(world.Now, state is OperationState.Blocked or OperationState.Failed ? "Warning" : "Normal", $"{operation.Kind}{state}", ObjectOf(operation),
            $"{operation.Id}: {ended.Message}", "grid");
        return ended;
    }

    /// <summary>Writes a changed record.</summary>
    public void Replace(OperationRecord before, OperationRecord after)
    {
        world.State.Operations[world.State.Operations.FindIndex(o => o.Id == before.Id)] = after;
        world.Changed = true;
    }

    /// <summary>The drain under a plan; null: none has its turn there.</summary>
    public Evacuation? EvacuationOf(ReplicaPlan plan)
    {
        foreach (var operation in world.State.Operations)
        {
            if (!operation.IsOpen || operation.Kind != OperationKind.Drain || operation.TurnAt is not { } turn || !world.Rules.StandsOn(plan, operation.Target)) continue;
            if (MovesAlone(plan, operation.Target)) continue;
            return new Evacuation(turn + (operation.Timeout ?? DrainTimeoutOf(plan.Model)), operation.Force);
        }

        return null;
    }

    /// <summary>Nothing of a plan is on a node but experts.</summary>
    public static bool HasOnlyExperts(ReplicaPlan plan, string node)
    {
        foreach (var place in plan.Shards)
            if (place.Node == node && !ShardNames.IsExpert(place.Shard)) return false;
        return true;
    }

    // Its experts are moved one by one, and the replica stays.
    private bool MovesAlone(ReplicaPlan plan, string node) =>
        plan.Layout.Expert > 0 && world.State.Plans.TryGetValue(plan.Epoch, out var record) && record.Target == ReplicaTarget.Serve &&
        world.Progress[plan.Epoch] is { MoveFailure: null, State: ReplicaState.Ready } && HasOnlyExperts(plan, node);

    /// <summary>Deadline of a drain's hand-over; null: it waits for its turn.</summary>
    public DateTimeOffset? DeadlineOf(OperationRecord drain)
    {
        if (drain.TurnAt is not { } turn) return null;
        if (drain.Timeout is { } timeout) return turn + timeout;
        var longest = TimeSpan.Zero;
        foreach (var epoch in world.PlansOn(drain.Target))
            if (DrainTimeoutOf(world.State.Plans[epoch].Plan.Model) is var own && own > longest) longest = own;
        return longest > TimeSpan.Zero ? turn + longest : drain.Deadline ?? turn + GridTimes.DrainTimeout;
    }

    /// <summary>Ends what is done.</summary>
    public void Advance()
    {
        foreach (var operation in world.State.Operations.Where(o => o.IsOpen).ToArray())
        {
            if (operation.Kind == OperationKind.Drain) continue;
            var model = world.Models.GetValueOrDefault(operation.Target);
            if (operation.Kind == OperationKind.Delete)
            {
                if (model is null) End(operation, OperationState.Succeeded, null, "nothing of it is left");
                else if (model.Spec is not null) End(operation, OperationState.Cancelled, "Overtaken", "the model is wanted again");
            }
            else if (model?.Spec is null) End(operation, OperationState.Cancelled, "Overtaken", "the model is deleted");
            else if (IsReached(operation, model)) End(operation, OperationState.Succeeded, null, null);
            else Block(operation, model);
        }
    }

    /// <summary>As a deadline counts where nobody gave one.</summary>
    public TimeSpan DrainTimeoutOf(string model) => world.SpecOf(model) is { DrainTimeout: var own } && own > TimeSpan.Zero ? own : GridTimes.DrainTimeout;

    /// <summary>node/a or model/guide.</summary>
    public static string ObjectOf(OperationRecord operation) => $"{(operation.Kind == OperationKind.Drain ? "node" : "model")}/{operation.Target}";

    private bool IsReached(OperationRecord operation, ModelRecord model) =>
        model is { Dirty: false, Asked: 0, Wish: { State: "Ready" or "ScaledToZero" } wish } &&
        (operation.Kind != OperationKind.Scale || !world.State.Overrides.TryGetValue(model.Name, out var replicas) || wish.Desired == replicas) &&
        world.PlansOf(model.Name).All(pair => pair.Value.Plan.Revision == model.Revision);

    private void Block(OperationRecord operation, ModelRecord model)
    {
        var blocked = model.PlacementFailure is not null;
        if (blocked == (operation.State == OperationState.Blocked)) return;
        End(operation, blocked ? OperationState.Blocked : OperationState.Running, blocked ? "NoPlace" : null, model.PlacementFailure);
    }

    private void Trim()
    {
        var ended = world.State.Operations.Count(o => !o.IsOpen) - EndedKept;
        if (ended > 0) world.State.Operations.RemoveAll(o => !o.IsOpen && ended-- > 0);
    }

    private static string Short(string revision) => revision.Length <= 19 ? revision : revision[..19];
}
