using System.Text.Json;

namespace Grid.Tokenization.Tests;

/// <summary>One case of a vectors.json; fields that a file does not have are null.</summary>
public sealed record TokenizerVector(string Text, int[] Ids, int[]? IdsWithSpecial, string[]? Tokens, string Decoded,
    string? DecodedSkipSpecial)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static TokenizerVector[] Read(string path) => JsonSerializer.Deserialize<TokenizerVector[]>(File.ReadAllBytes(path), Options)!;

    /// <summary>Asserts everything that the case says.</summary>
    public void Check(ITokenizer tokenizer)
    {
        Assert.Equal(Ids, tokenizer.Encode(Text, addSpecialTokens: false));
        if (IdsWithSpecial is not null) Assert.Equal(IdsWithSpecial, tokenizer.Encode(Text));
        if (Tokens is not null) CheckTokens(tokenizer, Tokens);
        Assert.Equal(Decoded, tokenizer.Decode(Ids));
        if (DecodedSkipSpecial is not null) Assert.Equal(DecodedSkipSpecial, tokenizer.Decode(Ids, skipSpecialTokens: true));
    }

    private void CheckTokens(ITokenizer tokenizer, string[] tokens)
    {
        // The vectors show an added token that strips with the white space it took; a vocabulary has it without.
        var written = tokens.Select(token => tokenizer.TokenToId(token) is null ? token.Trim() : token).ToArray();
        Assert.Equal(written, Ids.Select(tokenizer.IdToToken));
        Assert.Equal(Ids, written.Select(token => tokenizer.TokenToId(token) ?? -1));
    }
}
