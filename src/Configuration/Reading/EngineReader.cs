using System.Text.Json;
using Grid.Configuration.Yaml;
using Grid.Primitives.Options;

namespace Grid.Configuration.Reading;

/// <summary>
/// Reads engine: of a model into keys and texts, each in one spelling: <c>4k</c> is <c>4096</c>, <c>auto</c> is <c>-1</c>, <c>2GiB</c> is
/// <c>2147483648</c>.
/// </summary>
/// <param name="sources">Makes relative paths of sources absolute.</param>
internal sealed class EngineReader(SourceResolver sources)
{
    /// <summary>The key of the model's names, which is read apart: the gateway needs them too.</summary>
    public const string ServedModelName = "servedModelName";

    /// <summary>All keys that are allowed under engine.</summary>
    public static IReadOnlyList<string> Keys { get; } = [ServedModelName, .. EngineOptionTable.Rows.Select(row => row.Key)];

    /// <summary>Flags that are no keys, each with where it belongs.</summary>
    public static IReadOnlyDictionary<string, string> Refused { get; } = new Dictionary<string, string>
    {
        ["apiKey"] = "keys of clients belong to the gateway (--api-key), not to a model.",
    };

    /// <summary>The options that the layout consists of, which parallelism: has too.</summary>
    public static IReadOnlyList<EngineOption> LayoutRows { get; } = [.. EngineOptionTable.Rows.Where(row => row.IsLayout)];

    /// <summary>Reads all keys but the names.</summary>
    public Dictionary<string, string>? Read(Section engine)
    {
        var values = new Dictionary<string, string>();
        var options = new EngineOptions();
        foreach (var row in EngineOptionTable.Rows)
        {
            if (engine.Find(row.Key) is not { } node) continue;
            if (row.IsPlanned) engine.Fault(row.Key, "is not supported in this version.");
            else if (TextOf(row, node) is { } text && row.TrySet(options, text, out options)) values[row.Key] = row.TextOf(options)!;
            else engine.Fault(row.Key, $"must be {RuleOf(row)}; got {Section.Describe(node)}.{HintOf(row, node)}");
        }

        foreach (var (row, message) in EngineOptionRules.Find(options))
            if (engine.Has(row.Key)) engine.Fault(row.Key, message);
        return values.Count == 0 ? null : values;
    }

    /// <summary>engine.servedModelName: a text or a list of them.</summary>
    public static string[]? Names(Section engine)
    {
        if (engine.Find(ServedModelName) is not { } node) return null;
        var items = node is ListNode list ? list.Items : [node];
        if (items.Count > 0 && items.All(item => item is ScalarNode { IsNull: false, Text.Length: > 0 }))
            return [.. items.Select(item => ((ScalarNode)item).Text).Distinct()];
        engine.Fault(ServedModelName, $"must be a name or a list of names; got {Section.Describe(node)}.");
        return null;
    }

    private string? TextOf(EngineOption row, ConfigNode node) => (row.Form, node) switch
    {
        (OptionForm.Numbers, ListNode list) => ListOf(list),
        // The flag takes the JSON of vLLM, whose names are in snake_case.
        (OptionForm.Json, MappingNode mapping) => JsonText.Of(mapping, JsonNamingPolicy.SnakeCaseLower),
        (_, not ScalarNode { Text.Length: > 0 }) => null,
        (OptionForm.Switch or OptionForm.Integer or OptionForm.Number, ScalarNode { Plain: false }) => null,
        (OptionForm.Path, ScalarNode path) when !row.Choices.Contains(path.Text) => sources.Resolve(path.Text),
        (_, ScalarNode scalar) => scalar.Text,
    };

    private static string RuleOf(EngineOption row) => row.Form == OptionForm.Json ? $"a mapping, or {row.Rule}" : row.Rule;

    private static string HintOf(EngineOption row, ConfigNode node) =>
        node is ScalarNode scalar && row.Hint?.Invoke(scalar.Text) is { } hint ? " " + hint : "";

    private static string? ListOf(ListNode list) => list.Items.All(item => item is ScalarNode { IsNull: false })
        ? string.Join(',', list.Items.Select(item => ((ScalarNode)item).Text)) : null;
}
