using System.Text.Json.Nodes;
using Grid.Tokenization.ChatTemplates;

namespace Grid.Engine.Inputs;

/// <summary>One message of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or another that the model's template knows.</param>
/// <param name="Content">The text of the message.</param>
public sealed record ChatMessage(string Role, string Content)
{
    internal static ChatTemplateValue ToTemplateValue(IEnumerable<ChatMessage> messages) =>
        new JsonArray([.. messages.Select(message => new JsonObject { ["role"] = message.Role, ["content"] = message.Content })]);
}
