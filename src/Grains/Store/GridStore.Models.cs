using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;

namespace Grid.Grains.Store;

// What is desired: configurations, models, and decisions on them.
internal sealed partial class GridStore
{
    private const int ConfigsKept = 50;

    public ModelRecord AddModel(string name)
    {
        if (_models.TryGetValue(name, out var model)) return model;
        _models.Add(name, model = new ModelRecord(name, Now));
        _changes.MarkModel(name);
        return model;
    }

    /// <summary>Removes a deleted model when nothing is left of it.</summary>
    public void RemoveModel(ModelRecord model)
    {
        if (model.Spec is not null || PlansOf(model.Name).Any()) return;
        _models.Remove(model.Name);
        _changes.ClearModel(model.Name);
        _changes.MarkTable();
    }

    /// <summary>Models that have to be decided on.</summary>
    public string[] UndecidedModels() => _changes.Models();

    /// <summary>Whether a model has to be decided on.</summary>
    public bool IsUndecided(ModelRecord model) => _changes.IsMarked(model.Name);

    /// <summary>A model has to be decided on again: time or load may have changed what is right.</summary>
    public void Review(string model) => _changes.MarkModel(model);

    /// <summary>A model is being decided on.</summary>
    public void BeginDecision(ModelRecord model) => _changes.ClearModel(model.Name);

    /// <summary>Sets the specification of a model; null if it is being deleted.</summary>
    public void SetSpec(ModelRecord model, ModelSpec? spec)
    {
        model.Spec = spec;
        if (spec is null) model.Recommendation = null;
        _changes.MarkModel(model.Name);
        _changes.MarkTable();
        _changes.MarkFiles();
    }

    /// <summary>Sets the files and the revision that a model is to serve.</summary>
    /// <returns>Whether the revision is another one.</returns>
    public bool SetRevision(ModelRecord model, ModelFilesChoice choice)
    {
        model.Files = choice.Files;
        if (choice.Revision == model.Revision) return false;
        model.Revision = choice.Revision;
        model.Failures.Clear();
        _changes.MarkModel(model.Name);
        _changes.MarkTable();
        return true;
    }

    /// <summary>Sets the failures in a row of a replica; null after it was ready.</summary>
    public void SetFailure(ModelRecord model, int index, ReplicaFailure? failure)
    {
        if (failure is not null) model.Failures[index] = failure;
        else if (!model.Failures.Remove(index)) return;
        _changes.MarkModel(model.Name);
    }

    /// <summary>A model has requests now.</summary>
    public void NoteRequests(ModelRecord model) => model.LastRequestAt = Now;

    /// <summary>Sets how many replicas the autoscaler recommends; older answers change nothing.</summary>
    public bool SetRecommendation(ScaleRecommendation recommendation)
    {
        if (!_models.TryGetValue(recommendation.Model, out var model) || model.Spec?.Autoscale is null) return false;
        if (model.Recommendation is { } known && known.At >= recommendation.At) return false;
        var changed = model.Recommendation?.Windows.Desired != recommendation.Windows.Desired;
        model.Recommendation = recommendation;
        if (changed) _changes.MarkModel(model.Name);
        return changed;
    }

    /// <summary>Sets the replicas that a model is to have.</summary>
    public void SetDecision(ModelRecord model, ModelDecision decision)
    {
        if (model.Decision?.Desired != decision.Desired) _changes.MarkTable();
        model.Decision = decision;
        model.Unplaced = Array.Exists(decision.Replicas, replica => replica.Epoch == 0);
        if (!model.Unplaced) model.PlacementFailure = null;
    }

    /// <summary>Sets the outcome of placing a model's replicas.</summary>
    /// <param name="failure">Why there was no place; null if there was one.</param>
    /// <param name="waits">Some replica waits for its back-off.</param>
    public void SetPlacement(ModelRecord model, string? failure, bool waits)
    {
        if (failure != model.PlacementFailure) _changes.MarkModel(model.Name);
        model.PlacementFailure = failure;
        model.Unplaced = failure is not null || waits;
    }

    /// <summary>A replica that was to be placed has a plan.</summary>
    public static void SetPlaced(ModelRecord model, int index, long epoch)
    {
        var decision = model.Decision!;
        model.Decision = decision with
        {
            Replicas = [.. decision.Replicas.Select(r => r.Index == index ? r with { Epoch = epoch, Revision = model.Revision! } : r)],
        };
    }

    /// <summary>A replica's plan was given up: the replica is placed again if it is still desired.</summary>
    public void SetUnplaced(ModelRecord model, PlanRecord record)
    {
        if (model.Decision is not { } decision) return;
        var epoch = record.Plan.Epoch;
        var again = record.Target == ReplicaTarget.Serve && model.Spec is not null;
        model.Decision = decision with
        {
            Replicas = [.. decision.Replicas
                .Where(r => r.Epoch != epoch || again)
                .Select(r =>
                r.Epoch != epoch
                    ? r
                    : r with { Epoch = 0, Revision = model.Revision ?? r.Revision, Target = ReplicaTarget.Serve, HandOverAt = null })],
        };
        model.Unplaced |= again;
        _changes.MarkModel(model.Name);
    }

    /// <summary>Accepts a configuration; what was set by hand on the models that it changes ends.</summary>
    public void AcceptConfig(ConfigRecord record, IEnumerable<string> changedModels)
    {
        foreach (var name in changedModels)
        {
            _state.Overrides.Remove(name);
            _state.Deleted.Remove(name);
            _state.Deployed.Remove(name);
        }

        _state.Configs.Add(record);
        if (_state.Configs.Count > ConfigsKept) _state.Configs.RemoveAt(0);
        _changes.MarkState();
    }

    /// <summary>Adds or replaces a model beside the file.</summary>
    public void Deploy(string name, ModelSpec spec)
    {
        _state.Deployed[name] = spec;
        _state.Overrides.Remove(name);
        _changes.MarkState();
    }

    /// <summary>Deletes a model.</summary>
    /// <param name="inFile">It is in the file, which does not bring it back until it changes it.</param>
    public void Delete(string name, bool inFile)
    {
        _state.Deployed.Remove(name);
        _state.Overrides.Remove(name);
        if (inFile) _state.Deleted.Add(name);
        _changes.MarkState();
    }

    /// <summary>Sets a number of replicas by hand; null removes it.</summary>
    public void SetScale(string model, int? replicas)
    {
        if (replicas is { } number) _state.Overrides[model] = number;
        else _state.Overrides.Remove(model);
        _changes.MarkState();
        _changes.MarkModel(model);
    }
}
