using Grid.Abstractions.Configuration;
using Grid.Grains.Control;
using Grid.Grains.Operations;
using Grid.Grains.Store;

namespace Grid.Grains.Models;

/// <summary>Configuration versions, and what is wanted beside the file.</summary>
internal sealed class ConfigController(GridStore store, ModelController models, OperationController operations)
{
    private const int VersionsKept = 50;
    private const string WatchedFile = "file:";

    public GridDecision.Answer Apply(GridEvent.ConfigApplied asked)
    {
        var force = store.State.Config;
        if (asked.ExpectedVersion is { } expected && expected != (force?.Version ?? 0)) return new(null, AdminFaults.Version(expected, force?.Version ?? 0));
        // The file that is watched brings no deleted model back until it changes that model; a person who applies it does.
        var restores = !asked.Actor.StartsWith(WatchedFile, StringComparison.Ordinal);
        if (force is not null && force.Text == asked.Text && (!restores || store.State.Deleted.Count == 0)) return new(force.View(), null);
        if (restores) return new(Accept(asked.Config, asked.Text, asked.Actor, null, [.. store.State.Deleted]).View(), null);
        return new(Accept(asked.Config, asked.Text, asked.Actor, null).View(), null);
    }

    public GridDecision.Answer Rollback(GridEvent.ConfigRolledBack asked)
    {
        if (store.State.Configs.Find(c => c.Version == asked.Version) is not { } old) return new(null, AdminFaults.NotFound("configuration version", $"{asked.Version}"));
        return new(Accept(old.Config, old.Text, asked.Actor, $"rolled back to version {old.Version}").View(), null);
    }

    public GridDecision.Answer Deploy(GridEvent.ModelDeployed asked)
    {
        var name = asked.Spec.Name;
        if (InFile(name) && !store.State.Deleted.Contains(name))
            return new(null, AdminFaults.Conflict($"Model '{name}' is in the configuration file (version {store.State.Config!.Version}): change it there."));
        store.State.Deployed[name] = asked.Spec;
        store.State.Overrides.Remove(name);
        models.Sync();
        operations.Overtake(OperationKind.Rollout, name);
        return new(operations.Open(OperationKind.Rollout, name, $"{name} is deployed from {asked.Spec.Source}", asked.Actor).View(), null);
    }

    public GridDecision.Answer Scale(GridEvent.ModelScaled asked)
    {
        if (store.SpecOf(asked.Model) is null) return new(null, AdminFaults.NotFound("model", asked.Model));
        if (asked.Replicas < 0) return new(null, AdminFaults.Invalid($"replicas must be at least 0, not {asked.Replicas}."));
        var before = store.State.Overrides.TryGetValue(asked.Model, out var replicas) ? replicas : store.Models[asked.Model].Desired;
        store.State.Overrides[asked.Model] = asked.Replicas;
        store.Models[asked.Model].Dirty = true;
        operations.Overtake(OperationKind.Scale, asked.Model);
        return new(operations.Open(OperationKind.Scale, asked.Model, $"from {before?.ToString() ?? "?"} to {asked.Replicas} replicas", asked.Actor).View(), null);
    }

    public GridDecision.Answer Delete(GridEvent.ModelDeleted asked)
    {
        if (store.SpecOf(asked.Model) is null) return new(null, AdminFaults.NotFound("model", asked.Model));
        store.State.Deployed.Remove(asked.Model);
        if (InFile(asked.Model)) store.State.Deleted.Add(asked.Model);
        store.State.Overrides.Remove(asked.Model);
        var operation = operations.Open(OperationKind.Delete, asked.Model, "streams that run come to their end", asked.Actor);
        models.Sync();
        return new(operation.View(), null);
    }

    private ConfigRecord Accept(GridConfig config, string text, string actor, string? why, string[]? restored = null)
    {
        var force = store.State.Config;
        var changes = Changes(force?.Config, config);
        foreach (var name in restored ?? [])
            if (config.Models.Any(m => m.Name == name)) changes[name] = $"{name} restored";
        foreach (var name in changes.Keys)
        {
            store.State.Overrides.Remove(name);
            store.State.Deleted.Remove(name);
            store.State.Deployed.Remove(name);
        }

        var said = changes.Count == 0 ? "no model changes" : string.Join(", ", changes.Values);
        var record = new ConfigRecord((force?.Version ?? 0) + 1, store.Now, actor, text, why is null ? said : $"{why}: {said}", config);
        store.State.Configs.Add(record);
        if (store.State.Configs.Count > VersionsKept) store.State.Configs.RemoveAt(0);
        store.Changed = true;
        store.Log.Add(store.Now, "Normal", "ConfigAccepted", "grid", $"version {force?.Version ?? 0} to {record.Version}: {record.Message}", actor);
        models.Sync();
        return record;
    }

    private static SortedDictionary<string, string> Changes(GridConfig? before, GridConfig after)
    {
        var changes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var old = (before?.Models ?? []).ToDictionary(m => m.Name);
        foreach (var model in after.Models)
        {
            if (!old.Remove(model.Name, out var was)) changes[model.Name] = $"{model.Name} added";
            else if (!SpecEquality.Same(was, model)) changes[model.Name] = $"{model.Name} changed";
        }

        foreach (var name in old.Keys) changes[name] = $"{name} removed";
        return changes;
    }

    private bool InFile(string name) => store.State.Config?.Config.Models.Any(m => m.Name == name) ?? false;
}
