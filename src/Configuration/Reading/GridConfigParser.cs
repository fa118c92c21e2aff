
using Grid.Abstractions.Configuration;
using Grid.Configuration.Yaml;

namespace Grid.Configuration.Reading;

/// <summary>Reads grid.yaml (YAML, or the same as JSON) and reports all its faults together.</summary>
public static class GridConfigParser
{
    /// <summary>The only apiVersion.</summary>
    public const string ApiVersion = "grid/v1";

    /// <summary>The only kind.</summary>
    public const string Kind = "Grid";

    /// <summary>Largest file in characters.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>Most replicas of a model.</summary>
    public const int MaxReplicas = 10_000;

    /// <summary>A configuration without models.</summary>
    public static GridConfig Empty { get; } = new("grid", new GatewaySpec(), []);

    /// <summary>Reads a text.</summary>
    /// <param name="file">The name of the file in error messages.</param>
    /// <param name="folder">Absolute; relative paths start there.</param>
    /// <param name="exists">Whether there is a file or folder at a path, which distinguishes folders from names on the hub; null to
    /// ask the disk.</param>
    public static ParsedConfig Parse(string text, string file, string folder, Func<string, bool>? exists = null)
    {
        var faults = new FaultList(file);
        if (text.Length > MaxLength) faults.Add(1, 1, "", $"must be at most {MaxLength} characters; got {text.Length}.");
        var root = faults.IsEmpty ? YamlComposer.Compose(text, faults) : null;
        var config = root is null ? null : Read(root, new SourceResolver(folder, exists ?? Path.Exists), faults);
        return new ParsedConfig(faults.IsEmpty ? config : null, text, faults.Sorted());
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ParsedConfig ParseFile(string path)
    {
        var full = Path.GetFullPath(path);
        return Parse(File.ReadAllText(full), Path.GetFileName(full), Path.GetDirectoryName(full)!);
    }

    /// <summary>Reads one entry of models: alone.</summary>
    /// <param name="text">A mapping as under models.</param>
    /// <param name="file">The name of the file in error messages.</param>
    /// <param name="folder">Absolute; relative paths start there.</param>
    /// <returns>The specification, or null and all faults.</returns>
    public static (ModelSpec? Model, ConfigFault[] Faults) ParseModel(string text, string file, string folder)
    {
        var faults = new FaultList(file);
        var model = YamlComposer.Compose(text, faults) is { } node
            ? new ModelReader(new SourceResolver(folder, Path.Exists), faults).Read(node, "")
            : null;
        return (faults.IsEmpty ? model : null, faults.Sorted());
    }

    private static GridConfig Read(ConfigNode node, SourceResolver sources, FaultList faults)
    {
        var root = new Section(node, "", ConfigKeys.Root, faults);
        Constant(root, "apiVersion", ApiVersion);
        Constant(root, "kind", Kind);
        var name = root.Child("metadata", ConfigKeys.Metadata).Text("name", Empty.Name)!;
        var reader = new ModelReader(sources, faults);
        var items = root.Items("models");
        var models = items.Select((item, index) => reader.Read(item, $"models[{index}]")).ToArray();
        CheckNames(items, models, faults);
        return new GridConfig(name, GatewayReader.Read(root.Child("gateway", ConfigKeys.Gateway)),
            [.. models.OrderBy(model => model.Name, StringComparer.Ordinal)]);
    }

    private static void Constant(Section root, string key, string value)
    {
        var given = root.Text(key, null);
        if (!root.Has(key)) root.Fault(key, $"must be {value}; got nothing.");
        else if (given is not null && given != value) root.Fault(key, $"must be {value}; got '{given}'.");
    }

    private static void CheckNames(IReadOnlyList<ConfigNode> items, ModelSpec[] models, FaultList faults)
    {
        var owners = new Dictionary<string, int>();
        for (var index = 0; index < models.Length; index++)
        {
            foreach (var name in models[index].Aliases?.Prepend(models[index].Name) ?? [models[index].Name])
            {
                if (name.Length > 0 && !owners.TryAdd(name, index))
                    faults.Add(NameNode(items[index]), $"models[{index}].name",
                        $"a name may be used once, '{name}' is also models[{owners[name]}].");
            }
        }
    }

    private static ConfigNode NameNode(ConfigNode model) =>
        model is MappingNode mapping ? mapping.Entries.FirstOrDefault(entry => entry.Key.Text == "name").Value ?? model : model;
}
