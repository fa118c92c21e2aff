using Grid.TestUtilities;
using Grid.Tokenization.Gguf;
using Grid.Tokenization.Loading;

namespace Grid.Tokenization.Tests;

public sealed class TokenizerConfigTests
{
    [Fact]
    public void FromFolder_EmptyFolder_HasDefaults()
    {
        using var folder = new TemporaryFolder();
        var config = TokenizerLoader.ReadConfig(folder.Path);
        Assert.Empty(config.SpecialTokens);
        Assert.Null(config.AddBosToken);
        Assert.Null(config.ChatTemplate.Default);
    }

    [Fact]
    public void FromFolder_OptFixture_ReadsRoles()
    {
        var config = TokenizerLoader.ReadConfig(Fixtures.Own("hf/opt-bin"));
        Assert.Equal(("</s>", "</s>", "</s>", "<pad>"), (config.BosToken, config.EosToken, config.UnkToken, config.PadToken));
        Assert.Equal((true, false), (config.AddBosToken, config.AddPrefixSpace));
    }

    [Fact]
    public void FromFolder_MapAndConfig_ConfigWins()
    {
        using var folder = new TemporaryFolder()
            .Write("special_tokens_map.json", """{"bos_token":"<old>","unk_token":"<unk>","additional_special_tokens":["<1>"]}""")
            .Write("tokenizer_config.json",
            """{"bos_token":{"content":"<new>"},"eos_token":null,"additional_special_tokens":["<1>",{"content":"<2>"}]}""");
        var config = TokenizerLoader.ReadConfig(folder.Path);
        Assert.Equal(("<new>", null, "<unk>"), (config.BosToken, config.EosToken, config.UnkToken));
        Assert.Equal(["<1>", "<2>"], config.AdditionalSpecialTokens);
    }

    [Fact]
    public void FromFolder_TemplateInConfig_IsTheDefault() =>
        Assert.Contains("<|user|>", TokenizerLoader.ReadConfig(Fixtures.Own("hf/gpt2")).ChatTemplate.Default, StringComparison.Ordinal);

    [Fact]
    public void FromFolder_NamedTemplates_AreFoundByName()
    {
        using var folder = new TemporaryFolder().Write("tokenizer_config.json",
            """{"chat_template":[{"name":"default","template":"d"},{"name":"tool_use","template":"t"}]}""");
        var source = TokenizerLoader.ReadConfig(folder.Path).ChatTemplate;
        Assert.Equal(("d", "t", null), (source.Default, source.Find("tool_use"), source.Find("rag")));
    }

    [Fact]
    public void FromFolder_JinjaFile_WinsOverConfig()
    {
        using var folder = new TemporaryFolder().Write("chat_template.jinja", "file")
            .Write("additional_chat_templates/tool_use.jinja", "tools")
            .Write("chat_template.json", """{"chat_template":"json"}""").Write("tokenizer_config.json", """{"chat_template":"config"}""");
        var source = TokenizerLoader.ReadConfig(folder.Path).ChatTemplate;
        Assert.Equal(("file", "tools"), (source.Default, source.Find("tool_use")));
    }

    [Theory]
    [InlineData("""{"bos_token":3}""", "bos_token")]
    [InlineData("""{"bos_token":{}}""", "bos_token")]
    [InlineData("""{"add_bos_token":"yes"}""", "add_bos_token")]
    [InlineData("""{"chat_template":3}""", "chat_template")]
    [InlineData("""{"chat_template":[{"name":"a"}]}""", "chat_template[0]")]
    public void FromFolder_WrongType_NamesTheField(string text, string component)
    {
        using var folder = new TemporaryFolder().Write("tokenizer_config.json", text);
        Assert.Equal(component, Assert.Throws<TokenizerException>(() => TokenizerLoader.ReadConfig(folder.Path)).Component);
    }

    [Fact]
    public void FromGguf_Vocabulary_GivesTextsOfIds()
    {
        var config = TokenizerLoader.ReadConfig(new GgufVocabulary
        {
            Kind = GgufVocabularyKind.Llama, Tokens = ["<unk>", "<s>", "</s>", "a"], Scores = [0, 0, 0, 0], UnknownTokenId = 0,
            ChatTemplate = "t",
        });
        Assert.Equal(("<s>", "</s>", "<unk>", null, "t"),
            (config.BosToken, config.EosToken, config.UnkToken, config.PadToken, config.ChatTemplate.Default));
    }
}
