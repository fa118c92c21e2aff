using YamlDotNet.RepresentationModel;

namespace Grid.Cli.Tests.Infra;

/// <summary>Short ways through YAML documents.</summary>
internal static class YamlNodes
{
    public static IReadOnlyList<YamlMappingNode> Load(string file)
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(file);
        stream.Load(reader);
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    /// <summary>The node at a path of keys; null where it is missing.</summary>
    public static YamlNode? At(this YamlNode? node, string path)
    {
        foreach (var key in path.Split('/'))
            node = node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
        return node;
    }

    public static string? Text(this YamlNode? node, string path) => (node.At(path) as YamlScalarNode)?.Value;

    public static string[] List(this YamlNode? node, string path) =>
        node.At(path) is YamlSequenceNode list ? [.. list.Children.OfType<YamlScalarNode>().Select(item => item.Value!)] : [];

    public static IEnumerable<YamlNode> Items(this YamlNode? node, string path) => (node.At(path) as YamlSequenceNode)?.Children ?? [];

    /// <summary>Every mapping within.</summary>
    public static IEnumerable<YamlMappingNode> Mappings(this YamlNode node) => node.AllNodes.OfType<YamlMappingNode>();
}
