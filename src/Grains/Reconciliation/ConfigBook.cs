using Grid.Abstractions.Configuration;

namespace Grid.Grains.Reconciliation;

/// <summary>Configuration versions, and what is wanted beside the file.</summary>
internal sealed class ConfigBook(GridWorld world, ModelBook models, OperationBook operations)
{
    private const int VersionsKept = 50;
    private const string WatchedFile = "file:";

    public GridDecision.Answer Apply(GridEvent.ConfigApplied asked)
    {
        var force = world.State.Config;
        if (asked.ExpectedVersion is { } expected && expected != (force?.Version ?? 0)) return new(null, Faults.Version(expected, force?.Version ?? 0));
        // The file that is watched brings no deleted model back until it changes that model; a person who applies it does.
        var restores = !asked.Actor.StartsWith(WatchedFile, StringComparison.Ordinal);
        if (force is not null && force.Text == asked.Text && (!restores || world.State.Deleted.Count == 0)) return new(force.View(), null);
        if (restores) return new(Accept(asked.Config, asked.Text, asked.Actor, null, [.. world.State.Deleted]).View(), null);
        return new(Accept(asked.Config, asked.Text, asked.Actor, null).View(), null);
    }

    public GridDecision.Answer Rollback(GridEvent.ConfigRolledBack asked)
    {
        if (world.State.Configs.Find(c => c.Version == asked.Version) is not { } old) return new(null, Faults.NotFound("configuration version", $"{asked.Version}"));
        return new(Accept(old.Config, old.Text, asked.Actor, $"rolled back to version {old.Version}").View(), null);
    }

    public GridDecision.Answer Deploy(GridEvent.ModelDeployed asked)
    {
        var name = asked.Spec.Name;
        if (InFile(name) && !world.State.Deleted.Contains(name))
            return new(null, Faults.Conflict($"Model '{name}' is in the configuration file (version {world.State.Config!.Version}): change it there."));
        world.State.Deployed[name] = asked.Spec;
        world.State.Overrides.Remove(name);
        models.Sync();
        operations.Overtake(OperationKind.Rollout, name);
        return new(operations.Open(OperationKind.Rollout, name, $"{name} is deployed from {asked.Spec.Source}", asked.Actor).View(), null);
    }

    public GridDecision.Answer Scale(GridEvent.ModelScaled asked)
    {
        if (world.SpecOf(asked.Model) is null) return new(null, Faults.NotFound("model", asked.Model));
        if (asked.Replicas < 0) return new(null, Faults.Invalid($"replicas must be at least 0, not {asked.Replicas}."));
        var before = world.State.Overrides.TryGetValue(asked.Model, out var replicas) ? replicas : world.Models[asked.Model].Desired;
        world.State.Overrides[asked.Model] = asked.Replicas;
        world.Models[asked.Model].Dirty = true;
        operations.Overtake(OperationKind.Scale, asked.Model);
        return new(operations.Open(OperationKind.Scale, asked.Model, $"from {before?.ToString() ?? "?"} to {asked.Replicas} replicas", asked.Actor).View(), null);
    }

    public GridDecision.Answer Delete(GridEvent.ModelDeleted asked)
    {
        if (world.SpecOf(asked.Model) is null) return new(null, Faults.NotFound("model", asked.Model));
        world.State.Deployed.Remove(asked.Model);
        if (InFile(asked.Model)) world.State.Deleted.Add(asked.Model);
        world.State.Overrides.Remove(asked.Model);
        var operation = operations.Open(OperationKind.Delete, asked.Model, "streams that run come to their end", asked.Actor);
        models.Sync();
        return new(operation.View(), null);
    }

    private ConfigRecord Accept(GridConfig config, string text, string actor, string? why, string[]? restored = null)
    {
        var force = world.State.Config;
        var changes = Changes(force?.Config, config);
        foreach (var name in restored ?? [])
            if (config.Models.Any(m => m.Name == name)) changes[name] = $"{name} restored";
        foreach (var name in changes.Keys)
        {
            world.State.Overrides.Remove(name);
            world.State.Deleted.Remove(name);
            world.State.Deployed.Remove(name);
        }

        var said = changes.Count == 0 ? "no model changes" : string.Join(", ", changes.Values);
        var record = new ConfigRecord((force?.Version ?? 0) + 1, world.Now, actor, text, why is null ? said : $"{why}: {said}", config);
        world.State.Configs.Add(record);
        if (world.State.Configs.Count > VersionsKept) world.State.Configs.RemoveAt(0);
        world.Changed = true;
        world.Log.Add(world.Now, "Normal", "ConfigAccepted", "grid", $"version {force?.Version ?? 0} to {record.Version}: {record.Message}", actor);
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

    private bool InFile(string name) => world.State.Config?.Config.Models.Any(m => m.Name == name) ?? false;
}
