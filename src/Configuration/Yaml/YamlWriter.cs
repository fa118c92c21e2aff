using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Grid.Configuration.Yaml;

/// <summary>Writes JSON as YAML: the same document, for people.</summary>
public static class YamlWriter
{
    /// <summary>Any JSON as block YAML. Texts that YAML would read as something else are quoted.</summary>
    public static string Write(JsonNode? node)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(writer);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return writer.ToString();
    }

    private static void Emit(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject mapping:
                emitter.Emit(
                    new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true,
                    mapping.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, value) in mapping)
                {
                    Emit(emitter, key, NeedsQuotes(key));
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                emitter.Emit(
                    new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true,
                    list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in list) Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                var text = value.GetValue<string>();
                Emit(emitter, text, NeedsQuotes(text));
                break;
            default:
                Emit(emitter, node?.ToJsonString() ?? "null", quoted: false);
                break;
        }
    }

    private static void Emit(Emitter emitter, string text, bool quoted) =>
        emitter.Emit(
        new Scalar(AnchorName.Empty, TagName.Empty, text, quoted ? ScalarStyle.DoubleQuoted : ScalarStyle.Any, isPlainImplicit: !quoted,
            isQuotedImplicit: true));

    /// <summary>What a YAML 1.1 or 1.2 reader would take for a number, a truth value, null or a time.</summary>
    private static bool NeedsQuotes(string text) =>
        text.Length == 0 || text is "~" or "=" or "<<" || char.IsAsciiDigit(text[0]) && !text.Any(char.IsAsciiLetter)
        || text[0] is '-' or '+' or '.' && text.Length > 1 && char.IsAsciiDigit(text[1])
        || text.ToLowerInvariant() is "null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n" or ".nan" or ".inf"
        || double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _);
}
