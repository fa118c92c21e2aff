using System.Globalization;
using Grid.Tokenization.AddedTokens;

namespace Grid.Tokenization.HuggingFace;

/// <summary>Reads the added tokens of tokenizer.json, tokenizer_config.json and added_tokens.json.</summary>
internal static class AddedTokenReader
{
    /// <summary>The list of tokenizer.json.</summary>
    public static List<AddedToken> ReadList(JsonComponent tokenizer) =>
        [.. tokenizer.Items("added_tokens").Select(token => ReadToken(token, Id(token.Get("id"), token.Get("id").Integer())))];

    /// <summary>tokenizer_config.json's <c>added_tokens_decoder</c>: token by id.</summary>
    public static List<AddedToken> ReadDecoder(JsonComponent config)
    {
        if (config.Find("added_tokens_decoder") is not { } decoder) return [];
        return [.. decoder.Element.EnumerateObject().Select(entry => ReadEntry(decoder.Get(entry.Name), entry.Name))];
    }

    /// <summary>added_tokens.json: id by token.</summary>
    public static List<AddedToken> ReadMap(JsonComponent tokens) =>
        [.. tokens.Element.EnumerateObject()
        .Select(entry => new AddedToken(Id(tokens, tokens.Get(entry.Name).Integer()), entry.Name) { Normalized = true })];

    private static AddedToken ReadEntry(JsonComponent token, string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? ReadToken(token, Id(token, id))
            : throw token.Fault("the name must be an id");

    private static AddedToken ReadToken(JsonComponent token, int id) => new(id, token.Get("content").Text())
    {
        SingleWord = token.GetFlag("single_word"),
        LeftStrip = token.GetFlag("lstrip"),
        RightStrip = token.GetFlag("rstrip"),
        Special = token.GetFlag("special"),
        Normalized = token.GetFlag("normalized", !token.GetFlag("special")),
    };

    private static int Id(JsonComponent token, int id) =>
        id is >= 0 and <= TokenLimits.MaxId ? id : throw token.Fault($"an id is from 0 to {TokenLimits.MaxId}, not {id}");
}
