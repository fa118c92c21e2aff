using Grid.Abstractions.Admin;
using Grid.Abstractions.Events;
using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;
using Grid.Grains.Placement;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Views;

/// <summary>Models as operators see them.</summary>
internal static class ModelViews
{
    /// <summary>One model.</summary>
    public static ModelView Of(GridStore store, ModelRecord model)
    {
        var load = Reports.Load(store, model);
        var plans = store.PlansOf(model.Name).Where(pair => !pair.Value.Abandoned).ToArray();
        var replicas = plans.Select(pair => Replica(store, pair.Value))
            .Concat(Pending(model, plans.Select(p => p.Value.Plan.Index).ToHashSet())).ToArray();
        Array.Sort(replicas, (a, b) => string.CompareOrdinal(a.Id.ToString(), b.Id.ToString()));
        var ready = plans.Count(pair => pair.Value.Target == ReplicaTarget.Serve && store.Progress[pair.Key].State == ReplicaState.Ready);
        var desired = model.Desired ?? model.Spec?.Replicas ?? model.Spec?.Autoscale?.Min ?? 0;
        return new ModelView(
            model.Name, (model.Decision?.State ?? ModelState.Progressing).ToString(), model.Decision?.Reason, model.Decision?.Message,
            desired, ready, model.Spec?.MinAvailable ?? 0,
            model.Revision, load.Running, load.Waiting, load.Queued, load.KVUsage, replicas);
    }

    private static ReplicaView Replica(GridStore store, PlanRecord record)
    {
        var progress = store.Progress[record.Plan.Epoch];
        var state = record.Target == ReplicaTarget.Serve ? progress.State : ReplicaState.Draining;
        var ranks = record.Plan.Shards
            .Select(shard => (shard.Node, Number: shard.Shard.DrivenRank, Place: shard))
            .Where(place => place.Number is not null)
            .Select(place =>
            (place.Node, Number: place.Number!.Value, Status: Reports.Rank(store, record.Plan, place.Place, place.Number.Value)))
            .ToArray();
        return new ReplicaView(
            record.Plan.Id, record.Plan.Epoch, state.ToString(), progress.Gap is null ? progress.Reason : EventReasons.Unschedulable,
            progress.Gap ?? progress.Message,
            ranks.Sum(r => r.Status?.KVTokens ?? 0), ranks.Sum(r => r.Status?.MaxConcurrency ?? 0), Strategy(record.Plan.Layout),
            [.. ranks.Select(
                r => new RankView(record.Plan.Id.Rank(r.Number), r.Node, (r.Status?.State ?? ShardState.Loading).ToString(),
                r.Status?.Running ?? 0, r.Status?.Waiting ?? 0))],
            record.Plan.PipelineLayers, record.Plan.Reasons);
    }

    private static IEnumerable<ReplicaView> Pending(ModelRecord model, HashSet<int> placed)
    {
        foreach (var want in model.Decision?.Replicas ?? [])
        {
            if (want.Epoch != 0 || placed.Contains(want.Index) || model.Spec is null) continue;
            var failure = model.Failures.GetValueOrDefault(want.Index);
            yield return new ReplicaView(
                new ReplicaId(model.Name, want.Index), 0, (failure is null ? ReplicaState.Pending : ReplicaState.Failed).ToString(),
                failure?.Reason ?? (model.PlacementFailure is null ? null : EventReasons.Unschedulable),
                failure is null ? model.PlacementFailure : $"{failure.Message}; tried again at {failure.RetryAt:O}", 0, 0,
                    Strategy(ReplicaShape.LayoutOf(model.Spec) ?? new ReplicaLayout()), [],
                Failure: failure?.Message);
        }
    }

    private static StrategyView Strategy(ReplicaLayout layout) =>
        new(layout.Tensor, layout.Pipeline, layout.Data, Math.Max(1, layout.Expert));
}
