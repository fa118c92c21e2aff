using System.Text.Json;
using Grid.TestUtilities;
using Grid.Tokenization.ChatTemplates;
using Grid.Tokenization.ChatTemplates.Rendering;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Tokenization.Tests.ChatTemplates;

/// <summary>Real templates with the output of transformers.</summary>
public sealed class PublishedTemplatesTests
{
    private static readonly string[] s_own = ["messages", "tools", "add_generation_prompt"];

    public static TheoryData<string> Templates() => Read("templates.json") is { } templates
        ? [.. templates.RootElement.EnumerateObject().Select(template => template.Name)]
        : [""];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Render_PublishedTemplate_GivesWhatTransformersGives(string name)
    {
        var templates = Read("templates.json");
        Assert.SkipWhen(templates is null, "shared/fixtures/chat is absent.");
        var template = ChatTemplate.Parse(templates!.RootElement.GetProperty(name).GetString()!, name);
        var conversations = Read("conversations.json")!.RootElement;
        var vectors = Read("vectors.json")!.RootElement.EnumerateArray().Where(vector => vector.GetProperty("template").GetString() == name)
            .ToList();
        Assert.Equal(7, vectors.Count);
        Assert.All(vectors, vector => Check(template, conversations.GetProperty(vector.GetProperty("conv").GetString()!), vector));
    }

    private static void Check(ChatTemplate template, JsonElement conversation, JsonElement vector)
    {
        var input = new ChatTemplateInput
        {
            Messages = conversation.GetProperty("messages"),
            Tools = conversation.TryGetProperty("tools", out var tools) ? tools : default(ChatTemplateValue),
            AddGenerationPrompt = conversation.GetProperty("add_generation_prompt").GetBoolean(),
            BosToken = vector.GetProperty("bos").GetString(),
            EosToken = vector.GetProperty("eos").GetString(),
            Variables = conversation.EnumerateObject().Where(property => !s_own.Contains(property.Name))
                .ToDictionary(property => property.Name, property => (ChatTemplateValue)property.Value),
        };
        var clock = new FakeTimeProvider(new DateTimeOffset(2024, 7, 26, 0, 0, 0, TimeSpan.Zero));
        if (vector.GetProperty("out").GetString() is { } expected)
        {
            Assert.Equal(expected, template.Render(input, clock));
            return;
        }

        var error = Assert.Throws<ChatTemplateException>(() => template.Render(input, clock));
        var (kind, reason) = vector.GetProperty("error").GetString()!.Split(": ", 2) switch { var parts => (parts[0], parts[1]) };
        Assert.Equal(reason, error.Reason);
        Assert.Equal(kind == "TemplateError", error.IsRaised);
    }

    private static JsonDocument? Read(string file) =>
        Fixtures.Shared(Path.Combine("chat", file)) is { } path ? JsonDocument.Parse(File.ReadAllBytes(path)) : null;
}
