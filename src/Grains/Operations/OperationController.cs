using Grid.Abstractions.Events;
using Grid.Abstractions.Operations;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Operations;

/// <summary>Operations: opened by admins, rollouts and nodes that leave; ended when what they ask for is seen.</summary>
internal sealed class OperationController(GridStore store)
{
    private const int ShortRevision = 19;

    /// <summary>Opens an operation.</summary>
    public OperationRecord Open(
        OperationKind kind, string target, string message, string actor, TimeSpan? timeout = null, bool force = false,
        DateTimeOffset? turnAt = null)
    {
        var operation = store.AddOperation(id => new OperationRecord(
            id, kind, target, OperationState.Running, null, message, store.Now, null, timeout, turnAt, force, actor));
        store.Log.Add(EventTypes.Normal, EventReasons.Started(kind), ObjectOf(operation), $"{operation.Id}: {message}", actor);
        return operation;
    }

    /// <summary>Opens a rollout of a model that has replicas of another revision; it supersedes an older one.</summary>
    public void StartRollout(ModelRecord model, string before)
    {
        if (!store.PlansOf(model.Name).Any(pair => !pair.Value.Abandoned)) return;
        Supersede(OperationKind.Rollout, model.Name);
        Open(OperationKind.Rollout, model.Name, $"from {Short(before)} to {Short(model.Revision!)}", EventSubjects.Grid);
    }

    /// <summary>Ends open operations of a kind on a target, which a newer one replaces.</summary>
    public void Supersede(OperationKind kind, string target)
    {
        foreach (var open in Opened(kind, target).ToArray())
            End(open, OperationState.Cancelled, EventReasons.Superseded, "superseded by a newer operation");
    }

    /// <summary>Open operations of a kind on a target, oldest first.</summary>
    public IEnumerable<OperationRecord> Opened(OperationKind kind, string target) =>
        store.Operations.Where(o => o.IsOpen && o.Kind == kind && o.Target == target);

    /// <summary>Finds one by id.</summary>
    public OperationRecord? Find(string id) => store.Operations.FirstOrDefault(o => o.Id == id);

    /// <summary>Ends an operation, or changes its state.</summary>
    public OperationRecord End(OperationRecord operation, OperationState state, string? reason, string? message)
    {
        var ended = operation with { State = state, Reason = reason, Message = message ?? operation.Message };
        if (!ended.IsOpen) ended = ended with { EndedAt = store.Now };
        store.ReplaceOperation(operation, ended);
        var type = state is OperationState.Blocked or OperationState.Failed ? EventTypes.Warning : EventTypes.Normal;
        store.Log.Add(
            type, EventReasons.Of(operation.Kind, state), ObjectOf(operation), $"{operation.Id}: {ended.Message}", EventSubjects.Grid);
        return ended;
    }

    /// <summary>Ends what is done; drains are ended by their controller.</summary>
    public void Advance()
    {
        foreach (var operation in store.Operations.Where(o => o.IsOpen && o.Kind != OperationKind.Drain).ToArray())
        {
            var model = store.Models.GetValueOrDefault(operation.Target);
            if (operation.Kind == OperationKind.Delete)
            {
                if (model is null) End(operation, OperationState.Succeeded, null, "nothing of it is left");
                else if (model.Spec is not null)
                    End(operation, OperationState.Cancelled, EventReasons.Superseded, "the model was deployed again");
            }
            else if (model?.Spec is null) End(operation, OperationState.Cancelled, EventReasons.Superseded, "the model is deleted");
            else if (IsReached(operation, model)) End(operation, OperationState.Succeeded, null, null);
            else SetBlocked(operation, model);
        }
    }

    /// <summary>What an event on an operation is about: node/a or model/guide.</summary>
    private static string ObjectOf(OperationRecord operation) =>
        $"{(operation.Kind == OperationKind.Drain ? "node" : "model")}/{operation.Target}";

    private bool IsReached(OperationRecord operation, ModelRecord model) =>
        !store.IsUndecided(model) && model.Decision is { IsSettled: true } decision &&
        (operation.Kind != OperationKind.Scale || !store.Overrides.TryGetValue(model.Name, out var replicas)
            || decision.Desired == replicas) &&
        store.PlansOf(model.Name).All(pair => pair.Value.Plan.Revision == model.Revision);

    private void SetBlocked(OperationRecord operation, ModelRecord model)
    {
        var blocked = model.PlacementFailure is not null;
        if (blocked == (operation.State == OperationState.Blocked)) return;
        End(operation, blocked ? OperationState.Blocked : OperationState.Running, blocked ? EventReasons.Unschedulable : null,
            model.PlacementFailure);
    }

    private static string Short(string revision) => revision.Length <= ShortRevision ? revision : revision[..ShortRevision];
}
