using System.Text.Json.Nodes;
using Grid.TestUtilities;
using Grid.Tokenization.Gguf;
using Grid.Tokenization.Loading;

namespace Grid.Tokenization.Tests.Gguf;

public sealed class GgufTokenizerTests
{
    [Theory]
    [InlineData("split-ignore-merges-bos", "llama-bpe")]
    [InlineData("three-splits", "deepseek-v3")]
    public void FromGguf_PreTokenizerByName_AgreesWithVectors(string fixture, string preTokenizer)
    {
        var folder = Fixtures.Own($"tokenizers/made/{fixture}");
        var tokenizer = TokenizerLoader.FromGguf(
            FromTokenizerJson(Path.Combine(folder, "tokenizer.json")) with { PreTokenizer = preTokenizer, BosTokenId = 1505 });
        // GGUF has no flags for added tokens, so those that have some are left out.
        var vectors = TokenizerVector.Read(Path.Combine(folder, "vectors.json"))
            .Where(vector => vector.Ids.All(id => id is < 1500 or >= 1505)).ToArray();
        Assert.True(vectors.Length > 300);
        Assert.All(vectors, vector => vector.Check(tokenizer));
    }

    [Fact]
    public void FromGguf_EveryPreTokenizerName_Encodes()
    {
        var vocabulary = FromTokenizerJson(Fixtures.Own("tokenizers/made/split-nfc/tokenizer.json"));
        foreach (var name in GgufPreTokenizer.Names)
        {
            var tokenizer = TokenizerLoader.FromGguf(vocabulary with { PreTokenizer = name });
            Assert.Equal("It's 1234 𝓗 ünï, 中文\r\n  x",
                tokenizer.Decode(tokenizer.Encode("It's 1234 𝓗 ünï, 中文\r\n  x", addSpecialTokens: false)));
        }
    }

    [Fact]
    public void FromGguf_UnknownPreTokenizer_IsRefusedByName()
    {
        var vocabulary = new GgufVocabulary
        {
            Kind = GgufVocabularyKind.Gpt2, Tokens = ["a"], Merges = [], PreTokenizer = "no-such",
            Source = "m.gguf"
        };
        var fault = Assert.Throws<TokenizerException>(() => TokenizerLoader.FromGguf(vocabulary));
        Assert.Equal(("m.gguf", "tokenizer.ggml.pre"), (fault.File, fault.Component));
        Assert.Contains("'no-such'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromGguf_Llama_MergesByScoreLeftmostFirst()
    {
        var tokenizer = TokenizerLoader.FromGguf(Llama());
        Assert.Equal([1, 4, 8, 9, 6], tokenizer.Encode("ababcc"));
        Assert.Equal("ababcc", tokenizer.Decode(tokenizer.Encode("ababcc"), skipSpecialTokens: true));
    }

    [Fact]
    public void FromGguf_LlamaUnknownCharacters_AreBytesOrUnknown()
    {
        var tokenizer = TokenizerLoader.FromGguf(Llama() with { AddSpacePrefix = false, AddBosToken = false, AddEosToken = true });
        Assert.Equal([3, 0, 5, 2], tokenizer.Encode("\néa"));
        Assert.Equal([2, 2], tokenizer.Encode("</s>"));
    }

    [Fact]
    public void FromGguf_BrokenVocabulary_NamesTheKey()
    {
        Check(Llama() with { Scores = [1] }, "tokenizer.ggml.scores");
        Check(Llama() with { Scores = null }, "tokenizer.ggml.scores");
        Check(Llama() with { TokenTypes = [] }, "tokenizer.ggml.token_type");
        Check(Llama() with { BosTokenId = 99 }, "tokenizer.ggml.bos_token_id");
        Check(new GgufVocabulary { Kind = GgufVocabularyKind.Gpt2, Tokens = ["a"] }, "tokenizer.ggml.merges");
        Check(new GgufVocabulary { Kind = GgufVocabularyKind.Gpt2, Tokens = ["a"], Merges = ["a b"] }, "tokenizer.ggml.merges");

        static void Check(GgufVocabulary vocabulary, string component) =>
            Assert.Equal(component, Assert.Throws<TokenizerException>(() => TokenizerLoader.FromGguf(vocabulary)).Component);
    }

    /// <summary>ab and ba score the same; cc scores less than bc.</summary>
    private static GgufVocabulary Llama() => new()
    {
        Kind = GgufVocabularyKind.Llama,
        Tokens = ["<unk>", "<s>", "</s>", "<0x0A>", "▁", "a", "c", "b", "ab", "abc", "ba", "cc"],
        Scores = [0, 0, 0, 0, -9, -9, -9, -9, -1, -2, -1, -3],
        TokenTypes =
        [
            GgufTokenType.Unknown, GgufTokenType.Control, GgufTokenType.Control, GgufTokenType.Byte, GgufTokenType.Normal,
                GgufTokenType.Normal,
            GgufTokenType.Normal, GgufTokenType.Normal, GgufTokenType.Normal, GgufTokenType.Normal, GgufTokenType.Normal,
                GgufTokenType.Normal,
        ],
    };

    private static GgufVocabulary FromTokenizerJson(string path)
    {
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        var tokens = new SortedDictionary<int, string>();
        foreach (var (token, id) in root["model"]!["vocab"]!.AsObject()) tokens[id!.GetValue<int>()] = token;
        var added = root["added_tokens"]!.AsArray();
        foreach (var token in added) tokens[token!["id"]!.GetValue<int>()] = token["content"]!.GetValue<string>();
        var special = added.Where(token => token!["special"]!.GetValue<bool>()).Select(token => token!["id"]!.GetValue<int>()).ToHashSet();
        return new GgufVocabulary
        {
            Kind = GgufVocabularyKind.Gpt2,
            Tokens = [.. tokens.Values],
            TokenTypes = [.. tokens.Keys.Select(id => special.Contains(id) ? GgufTokenType.Control : GgufTokenType.Normal)],
            Merges = [.. root["model"]!["merges"]!.AsArray().Select(merge => $"{merge![0]} {merge[1]}")],
        };
    }
}
