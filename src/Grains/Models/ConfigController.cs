using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Events;
using Grid.Abstractions.Operations;
using Grid.Grains.Operations;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Models;

/// <summary>Configuration versions, and what was deployed, scaled and deleted beside the file.</summary>
internal sealed class ConfigController(GridStore store, ModelController models, OperationController operations)
{
    private const string WatchedFile = "file:";

    public AdminResult<ConfigVersionView> Apply(GridConfig config, string text, long? expectedVersion, string actor)
    {
        var force = store.Config;
        if (expectedVersion is { } expected && expected != (force?.Version ?? 0)) return AdminFaults.Version(expected, force?.Version ?? 0);
        // The file that is watched brings no deleted model back until it changes that model; a person who applies it does.
        var restores = !actor.StartsWith(WatchedFile, StringComparison.Ordinal);
        if (force is not null && force.Text == text && (!restores || store.Deleted.Count == 0)) return force.View();
        return Accept(config, text, actor, null, restores ? [.. store.Deleted] : []).View();
    }

    public AdminResult<ConfigVersionView> Rollback(long version, string actor)
    {
        if (store.Configs.FirstOrDefault(c => c.Version == version) is not { } old)
            return AdminFaults.NotFound("configuration version", $"{version}");
        return Accept(old.Config, old.Text, actor, $"rolled back to version {old.Version}", []).View();
    }

    public AdminResult<OperationView> Deploy(ModelSpec spec, string actor)
    {
        var name = spec.Name;
        if (InFile(name) && !store.Deleted.Contains(name))
            return AdminFaults.Conflict($"Model '{name}' is in the configuration file (version {store.Config!.Version}): change it there.");
        store.Deploy(name, spec);
        models.Sync();
        operations.Supersede(OperationKind.Rollout, name);
        return operations.Open(OperationKind.Rollout, name, $"{name} is deployed from {spec.Source}", actor).View();
    }

    public AdminResult<OperationView> Scale(string name, int replicas, string actor)
    {
        if (store.SpecOf(name) is null) return AdminFaults.NotFound("model", name);
        if (replicas < 0) return AdminFaults.Invalid($"replicas must be at least 0; got {replicas}.");
        var before = store.Overrides.TryGetValue(name, out var byHand) ? byHand : store.Models[name].Desired;
        store.SetScale(name, replicas);
        operations.Supersede(OperationKind.Scale, name);
        return operations.Open(OperationKind.Scale, name, $"from {before?.ToString() ?? "?"} to {replicas} replicas", actor).View();
    }

    public AdminResult<OperationView> Delete(string name, string actor)
    {
        if (store.SpecOf(name) is null) return AdminFaults.NotFound("model", name);
        store.Delete(name, InFile(name));
        var operation = operations.Open(OperationKind.Delete, name, "waiting for running streams to end", actor);
        models.Sync();
        return operation.View();
    }

    private ConfigRecord Accept(GridConfig config, string text, string actor, string? why, string[] restored)
    {
        var force = store.Config;
        var changes = Changes(force?.Config, config);
        foreach (var name in restored)
            if (config.Models.Any(m => m.Name == name)) changes[name] = $"{name} restored";
        var summary = changes.Count == 0 ? "no model changes" : string.Join(", ", changes.Values);
        var message = why is null ? summary : $"{why}: {summary}";
        var record = new ConfigRecord((force?.Version ?? 0) + 1, store.Now, actor, text, message, config);
        store.AcceptConfig(record, changes.Keys);
        store.Log.Add(EventTypes.Normal, EventReasons.ConfigAccepted, EventSubjects.Grid,
            $"version {force?.Version ?? 0} to {record.Version}: {message}", actor);
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

    private bool InFile(string name) => store.Config?.Config.Models.Any(m => m.Name == name) ?? false;
}
