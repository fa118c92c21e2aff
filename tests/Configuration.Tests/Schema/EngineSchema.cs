using System.Globalization;
using System.Text.Json.Nodes;
using Grid.Primitives.Options;

namespace Grid.Configuration.Tests.Schema;

/// <summary>The properties of engine: in docs/grid.schema.json, from the table of engine options.</summary>
internal static class EngineSchema
{
    private const string LayoutHint = "; also under parallelism";

    /// <summary>One property for each supported option.</summary>
    public static JsonObject Properties()
    {
        var properties = new JsonObject();
        foreach (var row in EngineOptionTable.Rows.Where(row => !row.IsPlanned)) properties[row.Key] = Property(row);
        return properties;
    }

    private static JsonObject Property(EngineOption row)
    {
        var property = Value(row);
        property["description"] =
            $"{row.Help}{(row.DefaultHelp is { } text ? $" (default: {text})" : "")}{(row.IsLayout ? LayoutHint : "")}";
        // The layout's defaults are those of parallelism.
        if (row is { DefaultHelp: null, IsLayout: false, Default: { } value } && row.Form != OptionForm.Json)
            property["default"] = Scalar(row, value);
        return property;
    }

    private static JsonObject Value(EngineOption row) => row.Form switch
    {
        OptionForm.Switch => new JsonObject { ["type"] = "boolean" },
        OptionForm.Integer when row.Max > int.MaxValue => new JsonObject { ["type"] = "integer" },
        OptionForm.Integer => new JsonObject { ["type"] = "integer", ["minimum"] = (long)row.Min, ["maximum"] = (long)row.Max },
        OptionForm.Number => new JsonObject { ["type"] = "number", ["minimum"] = row.Min, ["maximum"] = row.Max },
        OptionForm.Choice => new JsonObject { ["enum"] = Texts(row.Choices.Concat(row.Synonyms)) },
        OptionForm.Bytes => Reference("size"),
        OptionForm.Duration => Reference("duration"),
        OptionForm.Json => AnyOf(new JsonObject { ["type"] = "object" }, Text()),
        OptionForm.Length => AnyOf(
            new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
            new JsonObject { ["enum"] = new JsonArray(-1, "auto", "-1") },
            new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9.]+[kK]?$" }),
        OptionForm.Numbers => AnyOf(Text(), Natural(), new JsonObject { ["type"] = "array", ["items"] = Natural() }),
        _ => Text(),
    };

    private static JsonNode Scalar(EngineOption row, string text) => row.Form switch
    {
        OptionForm.Switch => bool.Parse(text),
        OptionForm.Integer => long.Parse(text, CultureInfo.InvariantCulture),
        OptionForm.Number => double.Parse(text, CultureInfo.InvariantCulture),
        _ => text,
    };

    private static JsonObject Text() => new() { ["type"] = "string", ["minLength"] = 1 };

    private static JsonObject Natural() => new() { ["type"] = "integer", ["minimum"] = 1 };

    private static JsonObject Reference(string definition) =>
        new() { ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = $"#/definitions/{definition}" }) };

    private static JsonObject AnyOf(params JsonNode[] forms) => new() { ["anyOf"] = new JsonArray(forms) };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
