using System.Text.Json;
using System.Text.Json.Nodes;
using Grid.TestUtilities;
using Grid.Tokenization.ChatTemplates;
using Grid.Tokenization.ChatTemplates.Rendering;
using Grid.Tokenization.Loading;

namespace Grid.Tokenization.Tests.ChatTemplates;

public sealed class ChatTemplateTests
{
    [Theory]
    [InlineData("guide")]
    [InlineData("guide-moe")]
    public void Render_EmbeddedModelsTemplate_IsChatMlWithTheGoldensIds(string model)
    {
        var folder = Fixtures.Model(model);
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "tokenizer_config.json")));
        using var goldens = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "goldens.json")));
        var template = ChatTemplate.Parse(config.RootElement.GetProperty("chat_template").GetString()!, model);
        var tokenizer = TokenizerLoader.FromFolder(folder);
        var cases = goldens.RootElement.GetProperty("cases").EnumerateArray().ToList();
        Assert.NotEmpty(cases);
        foreach (var item in cases)
        {
            var messages = item.GetProperty("messages");
            var turns = messages.EnumerateArray()
                .Select(message => $"<|im_start|>{message.GetProperty("role")}\n{message.GetProperty("content")}<|im_end|>\n");
            var rendered = template.Render(new() { Messages = messages, AddGenerationPrompt = true, EosToken = "<|im_end|>" });
            Assert.Equal(string.Concat(turns) + "<|im_start|>assistant\n", rendered);
            Assert.Equal(item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()),
                tokenizer.Encode(rendered, addSpecialTokens: false));
        }
    }

    [Fact]
    public void Render_JsonNodes_AreValuesToo()
    {
        var messages = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = 1.5, ["n"] = null });
        var template = ChatTemplate.Parse("{{ messages }}{{ tools }}{{ flag }}{{ count + 1 }}{{ name }}", "nodes");
        var rendered = template.Render(new()
        {
            Messages = messages,
            Tools = new JsonArray(1, "a"),
            Variables = new Dictionary<string, ChatTemplateValue> { ["flag"] = true, ["count"] = 1, ["name"] = "x" },
        });
        Assert.Equal("[{'role': 'user', 'content': 1.5, 'n': None}][1, 'a']True2x", rendered);
    }

    [Fact]
    public void Render_WithoutTokensAndTools_LeavesThemUndefinedAndNone() => Assert.Equal(
        "False False None False",
        TemplateTest.Render("{{ bos_token is defined }} {{ eos_token is defined }} {{ tools }} {{ add_generation_prompt }}"));

    [Fact]
    public void Render_VariableOfTheSameName_Wins() => Assert.Equal("x", TemplateTest.Render("{{ tools }}", """{"tools":"x"}"""));

    [Fact]
    public async Task Render_FromManyThreads_GivesTheSame()
    {
        var template =
            ChatTemplate.Parse("{% macro m(x) %}{{ x * 2 }}{% endmacro %}{% for i in range(n) %}{{ m(i) }},{% endfor %}", "threads");
        var texts = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => template.Render(new()
        {
            Messages = default,
            Variables = new Dictionary<string, ChatTemplateValue> { ["n"] = 50 },
        }))));
        Assert.Equal(string.Concat(Enumerable.Range(0, 50).Select(i => $"{2 * i},")), Assert.Single(texts.Distinct()));
    }

    [Theory]
    [InlineData("{% for m in messages %}{{ m.content }}{% endfor %}", ChatTemplateContentFormat.String)]
    [InlineData("{% for m in messages %}{% for c in m.tool_calls %}{% endfor %}{% endfor %}", ChatTemplateContentFormat.String)]
    [InlineData("{% for m in messages %}{% if x %}{% else %}{% for part in m['content'] %}{% endfor %}{% endif %}{% endfor %}",
        ChatTemplateContentFormat.OpenAI)]
    [InlineData("{% set l = messages[1:] %}{% for m in l %}{% for p in m.content | selectattr('type') %}{% endfor %}{% endfor %}",
        ChatTemplateContentFormat.OpenAI)]
    [InlineData("{% for m in messages %}{% set c = m.content %}{% for p in c %}{% endfor %}{% endfor %}", ChatTemplateContentFormat.String)]
    [InlineData("{% for m in messages %}{% set t = m.content + x %}{% for p in t %}{{ p }}{% endfor %}{% endfor %}",
        ChatTemplateContentFormat.String)]
    [InlineData("{% for p in messages[0].content %}{% endfor %}", ChatTemplateContentFormat.OpenAI)]
    public void ContentFormat_FollowsFromTheLoops(string source, ChatTemplateContentFormat expected) =>
        Assert.Equal(expected, ChatTemplate.Parse(source, "format").ContentFormat);

    [Fact]
    public void NoTemplate_SaysThatThereIsNoDefault() =>
        Assert.StartsWith("As of transformers v4.44, default chat template is no longer allowed",
        ChatTemplateException.NoTemplate().Message, StringComparison.Ordinal);
}
