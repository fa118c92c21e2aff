using System.Text.Json.Nodes;
using Grid.Abstractions.Configuration;
using Grid.Configuration.Reading;
using Grid.Configuration.Writing;

namespace Grid.Configuration.Changes;

/// <summary>The difference of two configurations.</summary>
/// <param name="Grid">Changes outside of models: name and gateway.</param>
/// <param name="Models">The changed models, sorted by name.</param>
public sealed record ConfigChanges(FieldChange[] Grid, ModelChange[] Models)
{
    /// <summary>Whether the two say the same.</summary>
    public bool IsEmpty => Grid.Length == 0 && Models.Length == 0;

    /// <summary>Compares two configurations; null if none was in force.</summary>
    public static ConfigChanges Between(GridConfig? old, GridConfig @new)
    {
        var from = (old?.Models ?? []).ToDictionary(model => model.Name);
        var to = @new.Models.ToDictionary(model => model.Name);
        var changes = new List<ModelChange>();
        foreach (var name in from.Keys.Union(to.Keys).Order(StringComparer.Ordinal))
        {
            if (!from.TryGetValue(name, out var before)) changes.Add(new ModelChange(name, ModelChangeKind.Added, []));
            else if (!to.TryGetValue(name, out var after)) changes.Add(new ModelChange(name, ModelChangeKind.Removed, []));
            else if (Between(before, after) is { } change) changes.Add(change);
        }

        return new ConfigChanges(Fields(Frame(old), Frame(@new)), [.. changes]);
    }

    /// <summary>Compares two specifications of one model; null if they are equal.</summary>
    public static ModelChange? Between(ModelSpec old, ModelSpec @new)
    {
        var fields = Fields(ConfigDocument.Of(old), ConfigDocument.Of(@new));
        if (fields.Length == 0) return null;
        var rollout = ModelRevision.Of(old, null) != ModelRevision.Of(@new, null);
        return new ModelChange(@new.Name, rollout ? ModelChangeKind.Rollout : ModelChangeKind.InPlace, fields);
    }

    /// <summary>One sentence: <c>guide: replicas: 1 -> 4; fake added</c>.</summary>
    public override string ToString() => IsEmpty
        ? "nothing changed"
        : string.Join("; ", Grid.Select(field => field.ToString()).Concat(Models.Select(model => model.Kind switch
        {
            ModelChangeKind.Added => $"{model.Name} added",
            ModelChangeKind.Removed => $"{model.Name} removed",
            ModelChangeKind.Rollout => $"{model.Name} (rollout): {string.Join(", ", model.Fields.Select(field => field.ToString()))}",
            _ => $"{model.Name}: {string.Join(", ", model.Fields.Select(field => field.ToString()))}",
        })));

    private static JsonObject Frame(GridConfig? config)
    {
        var document = ConfigDocument.Of(config ?? GridConfigParser.Empty);
        document.Remove("models");
        return document;
    }

    private static FieldChange[] Fields(JsonObject old, JsonObject @new)
    {
        var (from, to) = (new Dictionary<string, string>(), new Dictionary<string, string>());
        Flatten(old, "", from);
        Flatten(@new, "", to);
        return
        [
            .. from.Keys.Union(to.Keys).Order(StringComparer.Ordinal)
                .Select(path => new FieldChange(path, from.GetValueOrDefault(path), to.GetValueOrDefault(path)))
                .Where(change => change.Old != change.New),
        ];
    }

    private static void Flatten(JsonNode? node, string path, Dictionary<string, string> fields)
    {
        if (node is JsonObject mapping)
        {
            foreach (var (key, value) in mapping) Flatten(value, path.Length == 0 ? key : $"{path}.{key}", fields);
        }
        else if (node is not null)
        {
            fields[path] = node is JsonArray list ? $"[{string.Join(", ", list.Select(item => item?.ToString()))}]" : node.ToString();
        }
    }
}
