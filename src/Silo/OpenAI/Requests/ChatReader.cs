using System.Text.Json;
using System.Text.Json.Nodes;
using Grid.Engine.Inputs;
using Grid.Engine.Serving;
using Grid.Tokenization.ChatTemplates;

namespace Grid.Silo.OpenAI.Requests;

/// <summary>Reads a conversation and renders its prompt.</summary>
internal static class ChatReader
{
    /// <summary>
    /// The prompt of <c>messages</c>, under <c>add_generation_prompt</c>, <c>add_special_tokens</c> and <c>chat_template_kwargs</c>.
    /// </summary>
    public static PromptInput ReadPrompt(JsonFields fields, ServedModel model)
    {
        var template = model.ChatPrompts.Template;
        // A template that does not know the role would leave its messages out, or give the model a role that it has never seen.
        var knowsDeveloper = template?.Source.Contains(MessagesReader.Developer, StringComparison.Ordinal) != false;
        JsonNode messages = MessagesReader.Read(
            fields, template?.ContentFormat == ChatTemplateContentFormat.OpenAI, knowsDeveloper);
        var prompt = model.ChatPrompts.Render(messages, fields.Bool("add_generation_prompt") ?? true, ReadVariables(fields));
        return prompt with { AddSpecialTokens = fields.Bool("add_special_tokens") ?? false };
    }

    private static Dictionary<string, ChatTemplateValue>? ReadVariables(JsonFields fields)
    {
        if (fields.Object("chat_template_kwargs") is not { } given) return null;
        var variables = new Dictionary<string, ChatTemplateValue>();
        foreach (var field in given.Source.EnumerateObject()) variables[field.Name] = ReadVariable(field, given.PathOf(field.Name));
        return variables;
    }

    private static ChatTemplateValue ReadVariable(JsonProperty field, string path)
    {
        if (field.NameEquals("messages")) throw ApiException.BadField(path, $"{path} may not replace the request's messages.");
        try
        {
            return field.Value;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.BadField(path, $"{path} must be valid Unicode; got half of a surrogate pair.");
        }
    }
}
