using System.Text.Json;
using Grid.Tokenization.Models;

namespace Grid.Tokenization.HuggingFace;

/// <summary>Reads tokenizer.json's <c>model</c>.</summary>
internal static class BpeModelReader
{
    public static BpeModel Read(JsonComponent model)
    {
        if (model.Type is not ("BPE" or "")) throw model.UnsupportedType("BPE");
        RefuseAffix(model, "continuing_subword_prefix");
        RefuseAffix(model, "end_of_word_suffix");
        if (model.Find("dropout") is { Element.ValueKind: JsonValueKind.Number } dropout && dropout.Element.GetDouble() != 0)
            throw dropout.Fault($"dropout must be 0 for tokens to be the same every time, not {dropout.Element}");
        var vocabulary = ReadVocabulary(model.Get("vocab"));
        var merges = model.Get("merges");
        if (merges.Element.ValueKind != JsonValueKind.Array) throw merges.Fault("a list is needed");
        var builder = new MergeTableBuilder(vocabulary, merges.Element.GetArrayLength());
        foreach (var merge in merges.Element.EnumerateArray())
            if (!TryAdd(builder, merge))
                throw merges.Fault($"the merge {merge} is not two tokens of the vocabulary whose joined text is one too");
        return new BpeModel(vocabulary, builder.Build(), new BpeOptions
        {
            UnknownId = UnknownId(model, vocabulary),
            FuseUnknown = model.GetFlag("fuse_unk"),
            ByteFallback = model.GetFlag("byte_fallback"),
            IgnoreMerges = model.GetFlag("ignore_merges"),
        });
    }

    public static Dictionary<string, int> ReadVocabulary(JsonComponent vocab)
    {
        if (vocab.Element.ValueKind != JsonValueKind.Object) throw vocab.Fault("an object of tokens and ids is needed");
        var vocabulary = new Dictionary<string, int>(vocab.Element.GetPropertyCount(), StringComparer.Ordinal);
        foreach (var token in vocab.Element.EnumerateObject())
        {
            if (token.Value.ValueKind != JsonValueKind.Number || !token.Value.TryGetInt32(out var id) || id is < 0 or > TokenLimits.MaxId)
                throw vocab.Fault($"the id of '{token.Name}' must be an integer from 0 to {TokenLimits.MaxId}, not {token.Value}");
            vocabulary[token.Name] = id;
        }
        return vocabulary;
    }

    private static bool TryAdd(MergeTableBuilder builder, JsonElement merge) => merge.ValueKind switch
    {
        JsonValueKind.String => builder.TryAdd(merge.GetString()!),
        JsonValueKind.Array when merge.GetArrayLength() == 2 => builder.TryAdd(merge[0].GetString()!, merge[1].GetString()!),
        _ => false,
    };

    private static int? UnknownId(JsonComponent model, Dictionary<string, int> vocabulary)
    {
        if (model.Find("unk_token") is not { } unknown) return null;
        return vocabulary.TryGetValue(unknown.Text(), out var id)
            ? id
            : throw unknown.Fault($"'{unknown.Text()}' is not in the vocabulary");
    }

    private static void RefuseAffix(JsonComponent model, string name)
    {
        if (model.GetString(name, "") is { Length: > 0 } affix)
            throw model.Get(name).Fault($"only an empty one is supported, not '{affix}'");
    }
}
