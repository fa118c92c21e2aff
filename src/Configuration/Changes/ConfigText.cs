
using Grid.Abstractions.Configuration;
using Grid.Configuration.Reading;
using Grid.Configuration.Writing;
using Grid.Configuration.Yaml;

namespace Grid.Configuration.Changes;

/// <summary>The text of a configuration as the grid keeps it: it says the same wherever it is read.</summary>
public static class ConfigText
{
    /// <summary>The file as it was sent; where its paths are relative, the same configuration with absolute ones.</summary>
    /// <param name="parsed">A configuration that was parsed without faults.</param>
    public static string Portable(ParsedConfig parsed) =>
        Read(parsed.Text) is { } again && ConfigChanges.Between(parsed.Config, again).IsEmpty
            ? parsed.Text
            : YamlWriter.Write(ConfigDocument.Of(parsed.Config!));

    /// <summary>What a kept text says; null where this version cannot read it.</summary>
    public static GridConfig? Read(string text) =>
        GridConfigParser.Parse(text, "grid.yaml", Path.GetPathRoot(Environment.CurrentDirectory)!, _ => false).Config;
}
