using Grid.Abstractions.Replicas;
using Grid.Grains.Draining;
using Grid.Grains.Store;

namespace Grid.Grains.Operations;

/// <summary>Operations: opened by admins, rollouts and nodes that leave; ended when what they ask for is seen.</summary>
internal sealed class OperationController(GridStore store)
{
    private const int EndedKept = 50;

    /// <summary>Opens an operation.</summary>
    public OperationRecord Open(OperationKind kind, string target, string message, string actor, TimeSpan? timeout = null, bool force = false, DateTimeOffset? turnAt = null)
    {
        var operation = new OperationRecord(
            $"op-{++store.State.LastOperation}", kind, target, OperationState.Running, null, message, store.Now, null, timeout, turnAt, force, actor);
        store.State.Operations.Add(operation);
        store.Changed = true;
        store.Log.Add(store.Now, "Normal", $"{kind}Started", ObjectOf(operation), $"{operation.Id}: {message}", actor);
        Trim();
        return operation;
    }

    /// <summary>Opens a rollout of a model that has replicas of another revision; an older one is overtaken.</summary>
    public OperationRecord? StartRollout(ModelRecord model, string before)
    {
        if (!store.PlansOf(model.Name).Any(pair => !pair.Value.Abandoned)) return null;
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
        store.State.Operations.Where(o => o.IsOpen && o.Kind == kind && o.Target == target);

    /// <summary>Finds one by id.</summary>
    public OperationRecord? Find(string id) => store.State.Operations.Find(o => o.Id == id);

    /// <summary>Ends an operation, or changes its state.</summary>
    public OperationRecord End(OperationRecord operation, OperationState state, string? reason, string? message)
    {
        var ended = operation with { State = state, Reason = reason, Message = message ?? operation.Message };
        if (!ended.IsOpen) ended = ended with { EndedAt = store.Now };
        Replace(operation, ended);
        store.Log.Add(store.Now, state is OperationState.Blocked or OperationState.Failed ? "Warning" : "Normal", $"{operation.Kind}{state}", ObjectOf(operation),
            $"{operation.Id}: {ended.Message}", "grid");
        return ended;
    }

    /// <summary>Writes a changed record.</summary>
    public void Replace(OperationRecord before, OperationRecord after)
    {
        store.State.Operations[store.State.Operations.FindIndex(o => o.Id == before.Id)] = after;
        store.Changed = true;
    }

    /// <summary>The drain under a plan; null: none has its turn there.</summary>
    public DrainDemand? DrainOf(ReplicaPlan plan)
    {
        foreach (var operation in store.State.Operations)
        {
            if (!operation.IsOpen || operation.Kind != OperationKind.Drain || operation.TurnAt is not { } turn || !store.Rules.RunsOn(plan, operation.Target)) continue;
            if (MovesAlone(plan, operation.Target)) continue;
            return new DrainDemand(turn + (operation.Timeout ?? DrainTimeoutOf(plan.Model)), operation.Force);
        }

        return null;
    }

    /// <summary>Nothing of a plan is on a node but experts.</summary>
    public static bool HasOnlyExperts(ReplicaPlan plan, string node)
    {
        foreach (var place in plan.Shards)
            if (place.Node == node && !place.Shard.IsExpert) return false;
        return true;
    }

    // Its experts are moved one by one, and the replica stays.
    private bool MovesAlone(ReplicaPlan plan, string node) =>
        plan.Layout.Expert > 0 && store.State.Plans.TryGetValue(plan.Epoch, out var record) && record.Target == ReplicaTarget.Serve &&
        store.Progress[plan.Epoch] is { MoveFailure: null, State: ReplicaState.Ready } && HasOnlyExperts(plan, node);

    /// <summary>Deadline of a drain's hand-over; null: it waits for its turn.</summary>
    public DateTimeOffset? DeadlineOf(OperationRecord drain)
    {
        if (drain.TurnAt is not { } turn) return null;
        if (drain.Timeout is { } timeout) return turn + timeout;
        var longest = TimeSpan.Zero;
        foreach (var epoch in store.PlansOn(drain.Target))
            if (DrainTimeoutOf(store.State.Plans[epoch].Plan.Model) is var own && own > longest) longest = own;
        return longest > TimeSpan.Zero ? turn + longest : drain.Deadline ?? turn + GridTimes.DrainTimeout;
    }

    /// <summary>Ends what is done.</summary>
    public void Advance()
    {
        foreach (var operation in store.State.Operations.Where(o => o.IsOpen).ToArray())
        {
            if (operation.Kind == OperationKind.Drain) continue;
            var model = store.Models.GetValueOrDefault(operation.Target);
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
    public TimeSpan DrainTimeoutOf(string model) => store.SpecOf(model) is { DrainTimeout: var own } && own > TimeSpan.Zero ? own : GridTimes.DrainTimeout;

    /// <summary>node/a or model/guide.</summary>
    public static string ObjectOf(OperationRecord operation) => $"{(operation.Kind == OperationKind.Drain ? "node" : "model")}/{operation.Target}";

    private bool IsReached(OperationRecord operation, ModelRecord model) =>
        model is { Dirty: false, Asked: 0, Wish: { State: "Ready" or "ScaledToZero" } wish } &&
        (operation.Kind != OperationKind.Scale || !store.State.Overrides.TryGetValue(model.Name, out var replicas) || wish.Desired == replicas) &&
        store.PlansOf(model.Name).All(pair => pair.Value.Plan.Revision == model.Revision);

    private void Block(OperationRecord operation, ModelRecord model)
    {
        var blocked = model.PlacementFailure is not null;
        if (blocked == (operation.State == OperationState.Blocked)) return;
        End(operation, blocked ? OperationState.Blocked : OperationState.Running, blocked ? "NoPlace" : null, model.PlacementFailure);
    }

    private void Trim()
    {
        var ended = store.State.Operations.Count(o => !o.IsOpen) - EndedKept;
        if (ended > 0) store.State.Operations.RemoveAll(o => !o.IsOpen && ended-- > 0);
    }

    private static string Short(string revision) => revision.Length <= 19 ? revision : revision[..19];
}
