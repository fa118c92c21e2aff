using Grid.Tokenization.Decoding;
using Grid.Tokenization.Normalization;
using Grid.Tokenization.Patterns;
using Grid.Tokenization.PreTokenization;

namespace Grid.Tokenization.HuggingFace;

internal static class DecoderReader
{
    private const string Supported = "ByteLevel, Metaspace, or a Sequence of Replace, ByteFallback, Fuse and Strip in that order";

    public static IDecoder Read(JsonComponent? decoder)
    {
        if (decoder is null) return new PieceDecoder { Separator = " " };
        var steps = Flatten(decoder).ToList();
        if (steps is [{ Type: "ByteLevel" }]) return new ByteLevelDecoder();
        var result = new PieceDecoder();
        var reached = 0;
        foreach (var step in steps)
        {
            var order = step.Type switch { "Metaspace" or "Replace" => 1, "ByteFallback" => 2, "Fuse" => 3, "Strip" => 4, _ => 0 };
            if (order == 0) throw step.UnsupportedType(Supported);
            if (order < reached || (order == 4 && reached < 3))
                throw step.Fault($"type '{step.Type}' is not supported at this place; supported: {Supported}");
            reached = order;
            result = Add(result, step);
        }
        return result;
    }

    private static IEnumerable<JsonComponent> Flatten(JsonComponent decoder) =>
        decoder.Type == "Sequence" ? decoder.Items("decoders").SelectMany(Flatten) : [decoder];

    private static PieceDecoder Add(PieceDecoder decoder, JsonComponent step) => step.Type switch
    {
        "Metaspace" => AddMetaspace(decoder, step),
        "Replace" => decoder with
        {
            Replacements = [.. decoder.Replacements,
                new ReplaceNormalizer(PatternReader.Read(step.Get("pattern")), step.Get("content").Text())],
        },
        "ByteFallback" => decoder with { ByteFallback = true },
        "Strip" => AddStrip(decoder, step),
        _ => decoder,
    };

    private static PieceDecoder AddMetaspace(PieceDecoder decoder, JsonComponent step)
    {
        var mark = step.Get("replacement").Character();
        return decoder with
        {
            Replacements = [.. decoder.Replacements, new ReplaceNormalizer(new LiteralPattern(mark.ToString()), " ")],
            MarkDroppedFromFirst = PreTokenizerReader.Scheme(step) == PrependScheme.Never ? null : mark,
        };
    }

    private static PieceDecoder AddStrip(PieceDecoder decoder, JsonComponent step)
    {
        if (step.Get("stop").Integer() is > 0 and var stop) throw step.Fault($"stripping the end of a text (stop {stop}) is not supported");
        return decoder with { StripContent = step.Get("content").Character(), StripStart = step.Get("start").Integer() };
    }
}
