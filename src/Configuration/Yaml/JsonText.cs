using System.Text.Json;
using System.Text.Json.Nodes;

namespace Grid.Configuration.Yaml;

/// <summary>Writes YAML nodes as JSON.</summary>
internal static class JsonText
{
    /// <summary>A mapping with its own keys in another spelling.</summary>
    public static string Of(MappingNode mapping, JsonNamingPolicy policy)
    {
        var entries = mapping.Entries.Select(entry => (entry.Key with { Text = policy.ConvertName(entry.Key.Text) }, entry.Value));
        return Of(mapping with { Entries = [.. entries] });
    }

    public static string Of(ConfigNode node) => Node(node)?.ToJsonString() ?? "null";

    private static JsonNode? Node(ConfigNode node) => node switch
    {
        MappingNode mapping => Mapping(mapping),
        ListNode list => new JsonArray([.. list.Items.Select(Node)]),
        ScalarNode { IsNull: true } => null,
        ScalarNode { Plain: true } scalar => Plain(scalar.Text),
        ScalarNode scalar => JsonValue.Create(scalar.Text),
        _ => null,
    };

    private static JsonObject Mapping(MappingNode mapping)
    {
        var json = new JsonObject();
        foreach (var (key, value) in mapping.Entries) json[key.Text] = Node(value);
        return json;
    }

    private static JsonNode? Plain(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
