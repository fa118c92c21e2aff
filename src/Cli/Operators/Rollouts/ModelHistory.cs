using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Http;
using Grid.Cli.CommandLine;
using Grid.Cli.Operators.Access;
using Grid.Client.Admin;
using Grid.Configuration.Changes;
using Grid.Configuration.Writing;
using Grid.Configuration.Yaml;

namespace Grid.Cli.Operators.Rollouts;

/// <summary>The configurations that changed one model.</summary>
internal sealed class ModelHistory
{
    private readonly string _model;
    private readonly ConfigVersionView[] _versions;

    private ModelHistory(string model, ConfigVersionView[] versions)
    {
        (_model, _versions) = (model, versions);
        ModelSpec? last = null;
        foreach (var version in versions)
        {
            var spec = SpecOf(version);
            if (Change(last, spec) is { } change) Entries.Add(new ModelHistoryEntry(version.Version, version.Time, version.Actor, change));
            last = spec;
        }
    }

    /// <summary>Oldest first.</summary>
    public List<ModelHistoryEntry> Entries { get; } = [];

    public JsonObject Json => AdminJson.List("ModelVersion", Entries);

    /// <summary>Reads it.</summary>
    /// <exception cref="CommandException">No configuration names the model (5).</exception>
    public static async Task<ModelHistory> LoadAsync(OperatorCall call, string model)
    {
        var history = new ModelHistory(model, (await call.Client.ConfigVersionsAsync(call.Cancellation)).Value);
        return history.Entries.Count > 0
            ? history
            : throw new CommandException($"No configuration names the model '{model}'.", ExitCodes.NotFound);
    }

    /// <summary>Puts the model's specification of a version in the configuration in force.</summary>
    /// <param name="version">The version; null for the one before its last change.</param>
    /// <exception cref="CommandException">There is none (5).</exception>
    public Task<AdminAnswer<ConfigVersionView>> UndoAsync(OperatorCall call, long? version)
    {
        var wanted = version ?? Entries[^1].Version - 1;
        var old = _versions.LastOrDefault(known => known.Version <= wanted) is { } known && (version is null || known.Version == version)
            ? SpecOf(known)
            : null;
        if (old is null)
            throw new CommandException(
                $"There is no {(version is null ? "earlier version" : $"version {version}")} of the model '{_model}'.", ExitCodes.NotFound);
        var current = Read(_versions[^1]);
        var config = current
            with
        {
            Models = [
                .. current.Models.Where(model => model.Name != _model).Append(old).OrderBy(model => model.Name, StringComparer.Ordinal)]
        };
        return call.Client.ApplyAsync(YamlWriter.Write(ConfigDocument.Of(config)), "grid.yaml",
            Path.GetPathRoot(Environment.CurrentDirectory)!, _versions[^1].Version, call.Cancellation);
    }

    private static string? Change(ModelSpec? old, ModelSpec? @new) => (old, @new) switch
    {
        (null, null) => null,
        (null, _) => "added",
        (_, null) => "removed",
        _ when ConfigChanges.Between(old, @new) is { } change =>
            $"{(change.Kind == ModelChangeKind.Rollout ? "rollout" : "in place")}: "
            + $"{string.Join(", ", change.Fields.Select(field => field.ToString()))}",
        _ => null,
    };

    private static GridConfig Read(ConfigVersionView version) =>
        ConfigText.Read(version.Text)
        ?? throw new CommandException($"Configuration {version.Version} cannot be read by this version of grid.", ExitCodes.Failed);

    private ModelSpec? SpecOf(ConfigVersionView version) => Array.Find(Read(version).Models, model => model.Name == _model);
}
