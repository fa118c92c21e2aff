using Grid.Abstractions.Configuration;
using Grid.Abstractions.Events;
using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;
using Grid.Grains.Operations;
using Grid.Grains.Records;
using Grid.Grains.Store;
using Grid.Primitives.Options;

namespace Grid.Grains.Models;

/// <summary>Models: brings them in line with the configuration, and decides on their replicas.</summary>
internal sealed class ModelController(GridStore store, ModelObserver observer, OperationController operations)
{
    private readonly SortedSet<string> _unobserved = new(StringComparer.Ordinal);

    /// <summary>Brings the records in line with the configuration, deploys and deletions.</summary>
    public void Sync()
    {
        var wanted = new SortedDictionary<string, ModelSpec>(StringComparer.Ordinal);
        foreach (var spec in store.Config?.Config.Models ?? [])
            if (!store.Deleted.Contains(spec.Name)) wanted[spec.Name] = spec;
        foreach (var (name, spec) in store.Deployed) wanted.TryAdd(name, spec);
        foreach (var record in store.Plans.Values) store.AddModel(record.Plan.Model);
        foreach (var (name, spec) in wanted) store.SetSpec(store.AddModel(name), spec);
        foreach (var model in store.Models.Values.Where(model => !wanted.ContainsKey(model.Name)).ToArray())
        {
            store.SetSpec(model, null);
            store.RemoveModel(model);
        }
    }

    /// <summary>Some model cannot start before its files are known.</summary>
    public bool AwaitsFiles => !store.Gathering && store.Models.Values.Any(m => m.Revision is null && m.Spec is not null);

    /// <summary>Finds the files that most nodes have; a change is a rollout.</summary>
    public void Revise()
    {
        if (!store.TakeFilesChange()) return;
        foreach (var model in store.Models.Values)
        {
            if (model.Spec is not { } spec) continue;
            var files = Revisions.Select(spec.Source, model.Files?.Checksum, store.Nodes.Values);
            if (files is null && !SimulatedModel.Is(spec.Source)) continue;
            var before = model.Revision;
            if (store.SetRevision(model, new ModelFilesChoice(files, Revisions.Of(spec, files?.Checksum))) && before is not null)
                operations.StartRollout(model, before);
        }
    }

    /// <summary>Decides on the models that have changed.</summary>
    public void Decide()
    {
        if (store.Gathering) return;
        foreach (var name in store.UndecidedModels())
        {
            if (!store.Models.TryGetValue(name, out var model)) continue;
            store.RemoveModel(model);
            if (IsUnknown(model) || !store.Models.ContainsKey(name)) continue;
            store.BeginDecision(model);
            Accept(model, ModelReconciler.Reconcile(observer.Observe(model), store.Now));
        }
    }

    /// <summary>The loads for the autoscalers.</summary>
    public IReadOnlyList<ScaleObservation> Observations()
    {
        if (_unobserved.Count == 0 || store.Gathering) return [];
        var due = new List<ScaleObservation>(_unobserved.Count);
        foreach (var name in _unobserved)
            if (store.Models.TryGetValue(name, out var model) && IsAutoscaled(model) && !IsUnknown(model))
                due.Add(observer.ObserveLoad(model));
        _unobserved.Clear();
        return due;
    }

    /// <summary>Finds models that time or load alone may have changed.</summary>
    public void Tick()
    {
        foreach (var model in store.Models.Values)
        {
            if (Reports.HasRequests(store, model)) store.NoteRequests(model);
            if (IsAutoscaled(model)) _unobserved.Add(model.Name);
            if (model.Decision is not { IsSettled: true }) store.Review(model.Name);
        }
    }

    /// <summary>Requests wait at a gateway: a model that is scaled to zero is decided on without waiting for the next tick.</summary>
    /// <returns>Whether there is such a model.</returns>
    public bool Wake()
    {
        foreach (var model in store.Models.Values)
            if (model.Desired == 0 && IsAutoscaled(model) && Reports.Queued(store, model) > 0) _unobserved.Add(model.Name);
        return _unobserved.Count > 0;
    }

    private bool IsAutoscaled(ModelRecord model) => model.Spec?.Autoscale is not null && !store.Overrides.ContainsKey(model.Name);

    // After a start, what a node has not reported yet may well be ready: nothing is decided on it.
    private bool IsUnknown(ModelRecord model) =>
        store.PlansOf(model.Name).Any(pair => !pair.Value.Abandoned && pair.Value.Plan.Shards.Any(s => !store.Nodes.ContainsKey(s.Node)));

    private void Accept(ModelRecord model, ModelDecision decision)
    {
        if (model.Decision is { } before)
        {
            if (before.State != decision.State && decision.State is ModelState.Failed or ModelState.Degraded)
            {
                var reason = decision.State == ModelState.Failed ? EventReasons.ModelFailed : EventReasons.ModelDegraded;
                store.Log.Warn(reason, $"model/{model.Name}", $"{decision.Reason}: {decision.Message}");
            }

            if (before.Desired != decision.Desired && IsAutoscaled(model))
                store.Log.Normal(EventReasons.Autoscaled, $"model/{model.Name}", $"from {before.Desired} to {decision.Desired} replicas");
        }

        store.SetDecision(model, decision);
        foreach (var want in decision.Replicas)
            if (want.Epoch != 0) Follow(want);
    }

    private void Follow(DesiredReplica want)
    {
        if (!store.Plans.TryGetValue(want.Epoch, out var record) || record.Target == ReplicaTarget.Stop) return;
        if (record.Target != want.Target || record.HandOverAt != want.HandOverAt) store.Direct(record, want.Target, want.HandOverAt);
    }
}
