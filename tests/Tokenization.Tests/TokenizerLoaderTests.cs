using System.Text.Json.Nodes;
using Grid.TestUtilities;
using Grid.Tokenization.Loading;

namespace Grid.Tokenization.Tests;

public sealed class TokenizerLoaderTests
{
    private const string Vocabulary = """{"a":0,"b":1,"ab":2,"Ġ":3,"</s>":4,"<pad>":5,"<|endoftext|>":6}""";

    [Theory]
    [InlineData("normalizer", """{"type":"Precompiled","precompiled_charsmap":""}""", "normalizer", "'Precompiled'")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Nmt"}]}""", "normalizer.normalizers[1]",
        "'Nmt'")]
    [InlineData("normalizer", """{"type":"Replace","pattern":{"Regex":"\\p{Greek}"},"content":""}""", "normalizer.pattern.Regex",
        @"\p{Greek}")]
    [InlineData("pre_tokenizer", """{"type":"BertPreTokenizer"}""", "pre_tokenizer", "'BertPreTokenizer'")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"String":" "},"behavior":"Doubled","invert":false}""",
        "pre_tokenizer.behavior", "'Doubled'")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"__"}""", "pre_tokenizer.replacement", "'__'")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"_","prepend_scheme":"last"}""", "pre_tokenizer.prepend_scheme",
        "'last'")]
    [InlineData("post_processor", """{"type":"BertProcessing"}""", "post_processor", "'BertProcessing'")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[],"special_tokens":{}}""", "post_processor.single", "0 times")]
    [InlineData("decoder", """{"type":"WordPiece"}""", "decoder", "'WordPiece'")]
    [InlineData("decoder", """{"type":"Sequence","decoders":[{"type":"Fuse"},{"type":"ByteFallback"}]}""", "decoder.decoders[1]",
        "'ByteFallback'")]
    [InlineData("decoder", """{"type":"Sequence","decoders":[{"type":"Fuse"},{"type":"Strip","content":" ","start":0,"stop":1}]}""",
        "decoder.decoders[1]", "stop 1")]
    [InlineData("model", """{"type":"Unigram","vocab":[]}""", "model", "'Unigram'")]
    [InlineData("model", """{"type":"BPE","vocab":{},"merges":[],"dropout":0.1}""", "model.dropout", "0.1")]
    [InlineData("model", """{"type":"BPE","vocab":{},"merges":[],"end_of_word_suffix":"</w>"}""", "model.end_of_word_suffix", "'</w>'")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":["a b"]}""", "model.merges", "a b")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":-1},"merges":[]}""", "model.vocab", "-1")]
    [InlineData("model", """{"type":"BPE","vocab":{},"merges":[],"unk_token":"<unk>"}""", "model.unk_token", "'<unk>'")]
    [InlineData("model", """{"type":"BPE","vocab":{}}""", "model", "'merges'")]
    [InlineData("added_tokens", """[{"id":99999999,"content":"<x>"}]""", "added_tokens[0].id", "99999999")]
    public void FromFolder_UnsupportedOrBrokenComponent_NamesIt(string member, string value, string component, string named)
    {
        var root = JsonNode.Parse(File.ReadAllText(Fixtures.Own("hf/gpt2/tokenizer.json")))!;
        root[member] = JsonNode.Parse(value);
        using var folder = new TemporaryFolder().Write("tokenizer.json", root.ToJsonString());
        var fault = Assert.Throws<TokenizerException>(() => TokenizerLoader.FromFolder(folder.Path));
        Assert.Equal(component, fault.Component);
        Assert.EndsWith("tokenizer.json", fault.File, StringComparison.Ordinal);
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"model\":3}")]
    [InlineData("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"\\ud800\":0},\"merges\":[]}}")]
    [InlineData("{\"model\":{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]},\"added_tokens\":{}}")]
    public void FromFolder_BrokenFile_NamesTheFile(string text)
    {
        using var folder = new TemporaryFolder().Write("tokenizer.json", text);
        Assert.EndsWith("tokenizer.json", Assert.Throws<TokenizerException>(() => TokenizerLoader.FromFolder(folder.Path)).File,
            StringComparison.Ordinal);
    }

    [Fact]
    public void FromFolder_NoTokenizer_SaysWhichFilesItLooksFor()
    {
        using var folder = new TemporaryFolder();
        var fault = Assert.Throws<TokenizerException>(() => TokenizerLoader.FromFolder(folder.Path));
        Assert.Contains("neither tokenizer.json nor vocab.json with merges.txt", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromFolder_VocabAndMergesAlone_FollowsGpt2()
    {
        using var folder = new TemporaryFolder().Write("vocab.json", Vocabulary).Write("merges.txt", "#version: 0.2\na b\n");
        var tokenizer = TokenizerLoader.FromFolder(folder.Path);
        Assert.Equal([2, 3, 0, 6], tokenizer.Encode("ab a<|endoftext|>"));
        Assert.Equal((6, 6), (tokenizer.BosTokenId, tokenizer.EosTokenId));
        Assert.True(tokenizer.IsSpecial(6));
    }

    [Fact]
    public void FromFolder_OptWithoutTokenizerConfig_PutsBosInFront()
    {
        using var folder = new TemporaryFolder().Write("vocab.json", Vocabulary).Write("merges.txt", "a b\n")
            .Write("special_tokens_map.json", """{"bos_token":{"content":"</s>"},"eos_token":"</s>","pad_token":"<pad>"}""")
            .Write("config.json", """{"model_type":"opt"}""");
        var tokenizer = TokenizerLoader.FromFolder(folder.Path);
        Assert.Equal([4, 2, 5], tokenizer.Encode("ab<pad>"));
        Assert.Equal("ab", tokenizer.Decode([4, 2, 5], skipSpecialTokens: true));
    }

    [Fact]
    public void FromFolder_MergeOfUnknownTokens_NamesTheLine()
    {
        using var folder = new TemporaryFolder().Write("vocab.json", Vocabulary).Write("merges.txt", "#version: 0.2\na b\na c\n");
        Assert.Equal("line 3", Assert.Throws<TokenizerException>(() => TokenizerLoader.FromFolder(folder.Path)).Component);
    }

    [Fact]
    public void FromFolder_AddedTokensBesideTheTokenizer_AreRecognised()
    {
        using var folder = new TemporaryFolder().Write("vocab.json", Vocabulary).Write("merges.txt", "a b\n")
            .Write("added_tokens.json", """{"<x>":7,"<y>":8}""")
            .Write("tokenizer_config.json",
            """{"eos_token":"<y>","added_tokens_decoder":{"9":{"content":"<z>","special":true,"rstrip":true}}}""");
        var tokenizer = TokenizerLoader.FromFolder(folder.Path);
        Assert.Equal([7, 8, 9, 0], tokenizer.Encode("<x><y><z>  a"));
        Assert.Equal((false, true, true), (tokenizer.IsSpecial(7), tokenizer.IsSpecial(8), tokenizer.IsSpecial(9)));
        Assert.Equal((8, 10), (tokenizer.EosTokenId, tokenizer.VocabSize));
    }

    [Fact]
    public void FromFolder_OldMetaspace_PrependsByAddPrefixSpace()
    {
        using var folder = new TemporaryFolder().Write("tokenizer.json", """
            {"model":{"type":"BPE","vocab":{"▁":0,"a":1,"▁a":2,"<0x0A>":3},"merges":["▁ a"],"byte_fallback":true},
             "pre_tokenizer":{"type":"Metaspace","replacement":"▁","str_rep":"▁","add_prefix_space":true},
             "decoder":{"type":"Metaspace","replacement":"▁","add_prefix_space":true}}
            """);
        var tokenizer = TokenizerLoader.FromFolder(folder.Path);
        Assert.Equal([2, 2, 0, 2, 3], tokenizer.Encode("a a  a\n"));
        Assert.Equal("a a  a<0x0A>", tokenizer.Decode([2, 2, 0, 2, 3]));
    }

    [Theory]
    [InlineData("guide")]
    [InlineData("guide-moe")]
    public void FromFolder_EmbeddedModel_KnowsItsChatTokens(string name)
    {
        var tokenizer = TokenizerLoader.FromFolder(Fixtures.Model(name));
        Assert.Equal([1, 2], tokenizer.Encode("<|im_start|><|im_end|>"));
        Assert.NotNull(tokenizer.EosTokenId);
    }
}
