using Grid.Abstractions.Configuration;
using Grid.Abstractions.Events;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Placement;

/// <summary>Gives plans to replicas that have none, the higher priority first.</summary>
internal sealed class ReplicaScheduler(GridStore store)
{
    private readonly PlacementMemory _memory = new();

    /// <summary>Places what can be placed; does nothing while reports are being gathered.</summary>
    public void Place()
    {
        if (store.Gathering) return;
        foreach (var model in store.Models.Values.Where(m => m.Unplaced && m.Spec is not null && m.Revision is not null)
                     .OrderByDescending(m => m.Spec!.Placement?.Priority ?? 0).ThenBy(m => m.Name, StringComparer.Ordinal).ToArray())
            Place(model);
    }

    /// <summary>Looks for places for some shards of a running plan, under its next generation.</summary>
    /// <param name="avoid">Nodes that are used only if no other node fits.</param>
    /// <param name="beside">Places of the replica's other shards.</param>
    /// <param name="nodes">The nodes to look at; null for all.</param>
    /// <param name="ledger">The memory that is promised already; null for the present ledger.</param>
    public PlacementResult Find(PlanRecord record, ShardId[] names, IReadOnlyCollection<string> avoid, ShardPlan[] beside,
        NodeRecord[]? nodes = null, Ledger? ledger = null)
    {
        var plan = record.Plan;
        var model = store.AddModel(plan.Model);
        // The other shards have the files that were there when they were loaded.
        if (ModelRevision.Of(plan.Spec, model.Files?.Checksum) != plan.Revision)
            return new PlacementResult(null, $"the files of {plan.Spec.Source} are not those that {plan.Id} was placed with");
        var shape = ReplicaShape.Of(new ModelSize(plan.Spec, model.Files), plan, plan.Layout);
        var request = Request(model, plan.Id.ToString(), avoid, plan.Spec) with { Shape = shape, Only = names, Beside = beside };
        var found = Placer.Place(request, nodes ?? [.. store.Nodes.Values], ledger ?? store.Ledger);
        var generation = store.Rules.NextGeneration(record);
        return found with { Shards = found.Shards?.Select(place => place with { Generation = generation }).ToArray() };
    }

    /// <summary>What a replica of a model needs of nodes, by the given specification or else the model's present one.</summary>
    public PlacementRequest Request(ModelRecord model, string replica, IReadOnlyCollection<string> avoid, ModelSpec? given = null)
    {
        var spec = given ?? model.Spec!;
        var occupied = new Dictionary<string, int>();
        foreach (var (_, record) in store.PlansOf(model.Name))
            if (record is { Abandoned: false, Target: ReplicaTarget.Serve })
                foreach (var shard in record.Plan.Shards) occupied[shard.Node] = occupied.GetValueOrDefault(shard.Node) + 1;
        var size = new ModelSize(spec, model.Files);
        var shape = ReplicaShape.LayoutOf(spec) is { } layout ? ReplicaShape.Of(size, layout) : null;
        return new PlacementRequest(replica, spec.Source, model.Files?.Checksum, shape, size, spec.Placement, occupied, avoid.ToHashSet());
    }

    private void Place(ModelRecord model)
    {
        string? failure = null;
        var waits = false;
        foreach (var want in model.Decision!.Replicas.Where(w => w.Epoch == 0).ToArray())
        {
            if (store.Current(model.Name, want.Index) is not null) continue;
            var failed = model.Failures.GetValueOrDefault(want.Index);
            if (failed?.RetryAt > store.Now)
            {
                waits = true;
                continue;
            }

            var request = Request(model, new ReplicaId(model.Name, want.Index).ToString(), failed?.Nodes ?? []);
            var found = _memory.Place(request, [.. store.Nodes.Values], store.Ledger);
            if (found.Shards is null)
            {
                failure = found.Missing;
                break;
            }

            Accept(model, want, found.Shape!, found.Shards, found.Reasons);
        }

        if (failure is not null && failure != model.PlacementFailure)
            store.Log.Warn(EventReasons.Unschedulable, $"model/{model.Name}", failure);
        store.SetPlacement(model, failure, waits);
    }

    private void Accept(ModelRecord model, DesiredReplica want, ReplicaShape shape, ShardPlan[] shards, string[]? reasons)
    {
        var epoch = store.NextEpoch();
        var plan = new ReplicaPlan(model.Name, want.Index, epoch, model.Revision!, model.Spec!, shape.Layout, shards, shape.PipelineLayers,
            reasons);
        store.AddPlan(new PlanRecord(plan, ReplicaTarget.Serve, null, store.Now.ToUnixTimeMilliseconds(), false));
        store.Log.Normal(EventReasons.ReplicaPlaced, $"replica/{plan.Id}",
            $"epoch {epoch} on {string.Join(", ", shards.Select(s => $"{s.Node}/{s.Device}"))}");
        if (reasons is not null && shards.Length > 1)
            store.Log.Normal(EventReasons.LayoutSelected, $"replica/{plan.Id}", $"{Describe(shape.Layout)}: {string.Join(' ', reasons)}");
        GridStore.SetPlaced(model, want.Index, epoch);
    }

    private static string Describe(ReplicaLayout layout) =>
        $"tensor {layout.Tensor}, pipeline {layout.Pipeline}, data {layout.Data}, expert {Math.Max(1, layout.Expert)}";
}
