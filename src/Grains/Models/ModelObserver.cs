using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;
using Grid.Grains.Draining;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Models;

/// <summary>What the grid knows of a model, as decisions on it need it.</summary>
internal sealed class ModelObserver(GridStore store, NodeDrains drains)
{
    /// <summary>All that is known when the replicas of a model are decided on.</summary>
    public ModelObservation Observe(ModelRecord model)
    {
        var replicas = new SortedDictionary<int, ReplicaObservation>();
        foreach (var (epoch, record) in store.PlansOf(model.Name))
        {
            if (record.Abandoned) continue;
            var progress = store.Progress[epoch];
            var drain = drains.DrainOf(record.Plan);
            replicas[record.Plan.Index] = new ReplicaObservation(
                record.Plan.Index, epoch, record.Plan.Revision, progress.State, record.Target, record.HandOverAt,
                drain is not null, drain?.By, drain?.Force ?? false,
                Reports.Streams(store, record), Reports.Room(store, record), progress.Reason, Reports.IsAvailable(store, record));
        }

        foreach (var want in model.Decision?.Replicas ?? [])
        {
            if (want.Epoch != 0 || replicas.ContainsKey(want.Index)) continue;
            var failure = model.Failures.GetValueOrDefault(want.Index);
            replicas[want.Index] = new ReplicaObservation(
                want.Index, 0, want.Revision, failure is null ? ReplicaState.Pending : ReplicaState.Failed,
                ReplicaTarget.Serve, null, false, null, false, 0, 0, failure?.Reason);
        }

        var spec = model.Spec is null ? null : model.Spec with
        {
            MinAvailable = store.Rules.MinAvailable(model.Spec),
            DrainTimeout = drains.DrainTimeoutOf(model.Name),
        };
        int? scale = store.Overrides.TryGetValue(model.Name, out var byHand) ? byHand : null;
        return new ModelObservation(
            model.Name, spec, scale, model.Recommendation?.Windows.Desired, model.Revision, [.. replicas.Values], model.PlacementFailure,
            model.Spec is null ? null : Revisions.Fault(model.Spec.Source, store.Nodes.Values));
    }

    /// <summary>The load that the autoscaler of a model observes.</summary>
    public ScaleObservation ObserveLoad(ModelRecord model)
    {
        var serving = store.PlansOf(model.Name).Select(pair => pair.Value)
            .Where(r => r is { Abandoned: false, Target: ReplicaTarget.Serve }).ToArray();
        return new ScaleObservation(
            model.Name, model.Spec!.Autoscale!, Reports.Load(store, model),
            serving.Count(r => store.Progress[r.Plan.Epoch].State == ReplicaState.Ready),
            serving.Count(r => drains.DrainOf(r.Plan) is null), model.Recommendation);
    }
}
