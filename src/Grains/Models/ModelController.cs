using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;
using Grid.Grains.Control;
using Grid.Grains.Operations;
using Grid.Grains.Store;
using Grid.Primitives.Options;

namespace Grid.Grains.Models;

/// <summary>Models: what is wanted of them, what they are asked, and what they wish.</summary>
internal sealed class ModelController(GridStore store, OperationController operations)
{
    private long _sequence;

    /// <summary>Brings the records in line with the configuration, deploys and deletions.</summary>
    public void Sync()
    {
        var wanted = new SortedDictionary<string, ModelSpec>(StringComparer.Ordinal);
        foreach (var spec in store.State.Config?.Config.Models ?? [])
            if (!store.State.Deleted.Contains(spec.Name)) wanted[spec.Name] = spec;
        foreach (var (name, spec) in store.State.Deployed) wanted.TryAdd(name, spec);
        foreach (var record in store.State.Plans.Values) store.Model(record.Plan.Model);
        foreach (var (name, spec) in wanted)
        {
            var model = store.Model(name);
            model.Dirty = true;
            model.Spec = spec;
        }

        foreach (var model in store.Models.Values.ToArray())
        {
            if (wanted.ContainsKey(model.Name)) continue;
            model.Spec = null;
            model.Dirty = true;
            Forget(model);
        }

        store.FilesChanged = true;
        store.TableChanged = true;
    }

    /// <summary>Some model cannot start before its files are known.</summary>
    public bool AwaitFiles => !store.Gathering && store.Models.Values.Any(m => m.Revision is null && m.Spec is not null);

    /// <summary>Looks which files most nodes have; a change is a rollout.</summary>
    public void Revise()
    {
        if (!store.FilesChanged) return;
        store.FilesChanged = false;
        foreach (var model in store.Models.Values)
        {
            if (model.Spec is not { } spec) continue;
            var files = Revisions.Wanted(spec.Source, model.Files?.Checksum, store.Nodes.Values);
            if (files is null && !SimulatedModel.Is(spec.Source)) continue;
            model.Files = files;
            var revision = Revisions.Of(spec, files?.Checksum);
            if (revision == model.Revision) continue;
            var before = model.Revision;
            model.Revision = revision;
            model.Dirty = true;
            model.Failures.Clear();
            store.TableChanged = true;
            if (before is not null) operations.StartRollout(model, before);
        }
    }

    /// <summary>Removes a deleted model when nothing is left of it.</summary>
    public void Forget(ModelRecord model)
    {
        if (model.Spec is not null || store.PlansOf(model.Name).Any()) return;
        store.Models.Remove(model.Name);
        store.TableChanged = true;
    }

    /// <summary>Asks the models that have something to decide.</summary>
    public void Ask(List<GridDecision> decisions)
    {
        if (store.Gathering) return;
        foreach (var model in store.Models.Values.ToArray())
        {
            Forget(model);
            if (!model.Dirty || IsUnknown(model) || !store.Models.ContainsKey(model.Name)) continue;
            if (model.Asked != 0 && store.Now - model.AskedAt < GridTimes.Resend) continue;
            model.Dirty = false;
            model.Asked = ++_sequence;
            model.AskedAt = store.Now;
            model.AskedEpoch = store.State.Epoch;
            decisions.Add(new GridDecision.AskModel(Observations.Of(store, model, operations, model.Asked)));
        }
    }

    /// <summary>Marks what may have changed by time or load alone.</summary>
    public void Tick()
    {
        foreach (var model in store.Models.Values)
        {
            if (Observations.HasRequests(store, model)) model.LastRequestAt = store.Now;
            model.Dirty |= model.Asked != 0 || model.Spec?.Autoscale is not null || model.Wish is not { State: "Ready" or "ScaledToZero" };
        }
    }

    /// <summary>A model has answered; only the answer to the last question counts.</summary>
    public bool Answered(ModelWish wish)
    {
        if (!store.Models.TryGetValue(wish.Model, out var model) || model.Asked != wish.Sequence) return false;
        model.Asked = 0;
        if (model.Wish is { } before && before.State != wish.State && wish.State is "Failed" or "Degraded")
            store.Log.Warn(store.Now, $"Model{wish.State}", $"model/{wish.Model}", $"{wish.Reason}: {wish.Message}");
        if (model.Wish is { } last && last.Desired != wish.Desired && model.Spec?.Autoscale is not null && !store.State.Overrides.ContainsKey(wish.Model))
            store.Log.Normal(store.Now, "Autoscaled", $"model/{wish.Model}", $"from {last.Desired} to {wish.Desired} replicas");
        store.TableChanged |= model.Wish?.Desired != wish.Desired;
        model.Wish = wish;
        model.Unplaced = wish.Replicas.Any(w => w.Epoch == 0);
        if (!model.Unplaced) model.PlacementFailure = null;
        foreach (var want in wish.Replicas)
            if (want.Epoch != 0) Follow(model, want);
        foreach (var (epoch, record) in store.PlansOf(wish.Model).ToArray())
            if (!record.Abandoned && record.Target != ReplicaTarget.Stop && epoch <= model.AskedEpoch && !wish.Replicas.Any(w => w.Index == record.Plan.Index))
                Follow(model, new ReplicaWish(record.Plan.Index, epoch, record.Plan.Revision, ReplicaTarget.Stop, store.Now));
        return true;
    }

    // After a start, what a node has not reported yet may well be ready: nothing is decided on it.
    private bool IsUnknown(ModelRecord model) => store.PlansOf(model.Name).Any(pair => !pair.Value.Abandoned && pair.Value.Plan.Shards.Any(s => !store.Nodes.ContainsKey(s.Node)));

    private void Follow(ModelRecord model, ReplicaWish want)
    {
        if (!store.State.Plans.TryGetValue(want.Epoch, out var record) || record.Abandoned || record.Plan.Model != model.Name || record.Plan.Index != want.Index) return;
        if (record.Target == ReplicaTarget.Stop || (record.Target == want.Target && record.HandOverAt == want.HandOverAt)) return;
        if (record.Target == ReplicaTarget.Serve && want.Target != ReplicaTarget.Serve && !MayTake(model, record))
        {
            model.Dirty = true;
            return;
        }

        if (want.Target == ReplicaTarget.Stop && Observations.Streams(store, record) > 0 && record.Target == ReplicaTarget.Serve) want = want with { Target = ReplicaTarget.Drain };
        store.Direct(record, want.Target, want.HandOverAt);
    }

    // The model decided on what it was told; what is known since then must allow it too.
    private bool MayTake(ModelRecord model, PlanRecord record)
    {
        if (model.Spec is not { } spec || store.Progress[record.Plan.Epoch].State != ReplicaState.Ready) return true;
        if (operations.DrainOf(record.Plan) is { Force: true }) return true;
        var others = store.PlansOf(model.Name).Count(pair => pair.Key != record.Plan.Epoch && Observations.IsAvailable(store, pair.Value));
        return others >= Math.Min(store.Rules.MinAvailable(spec), model.Desired ?? int.MaxValue);
    }
}
