using System.Text.Json;
using Grid.Tokenization.ChatTemplates;
using Grid.Tokenization.ChatTemplates.Rendering;

namespace Grid.Tokenization.Tests.ChatTemplates;

internal static class TemplateTest
{
    /// <summary>What a template renders with the properties of a JSON object as variables.</summary>
    public static string Render(string source, string variables = "{}", TimeProvider? clock = null)
    {
        using var document = JsonDocument.Parse(variables);
        return ChatTemplate.Parse(source, "test").Render(
            new()
            {
                Messages = JsonSerializer.SerializeToElement(Array.Empty<string>()),
                Variables = document.RootElement.EnumerateObject()
                    .ToDictionary(property => property.Name, property => (ChatTemplateValue)property.Value),
            },
            clock);
    }

    public static ChatTemplateException Fails(string source, string variables = "{}", TimeProvider? clock = null) =>
        Assert.Throws<ChatTemplateException>(() => Render(source, variables, clock));
}
