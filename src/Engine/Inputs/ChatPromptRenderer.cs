using Grid.Engine.Configuration;
using Grid.Tokenization.ChatTemplates;
using Grid.Tokenization.ChatTemplates.Rendering;

namespace Grid.Engine.Inputs;

/// <summary>Writes conversations as prompts under a model's chat template. Safe to use from many threads.</summary>
/// <param name="template">The template, or null where the model has none.</param>
/// <param name="bosToken">Text of the BOS token, which templates write themselves.</param>
/// <param name="eosToken">Text of the EOS token.</param>
/// <param name="clock">What a template reads the date from.</param>
public sealed class ChatPromptRenderer(ChatTemplate? template, string? bosToken, string? eosToken, TimeProvider clock)
{
    /// <summary>The template, or null where the model has none.</summary>
    public ChatTemplate? Template { get; } = template;

    /// <summary>The prompt of a conversation.</summary>
    /// <param name="messages">A list of objects with <c>role</c> and <c>content</c>, as the API has them.</param>
    /// <param name="addGenerationPrompt">Whether the prompt ends where the assistant's answer begins.</param>
    /// <param name="variables">Further variables of the template (<c>chat_template_kwargs</c>), or null.</param>
    /// <exception cref="RequestValidationException">There is no template, or it refuses the conversation.</exception>
    public PromptInput Render(
        ChatTemplateValue messages, bool addGenerationPrompt = true, IReadOnlyDictionary<string, ChatTemplateValue>? variables = null)
    {
        if (Template is null)
            throw new RequestValidationException("messages",
                "The model has no chat template. Use completions, or start with --chat-template FILE.");
        var input = new ChatTemplateInput
        {
            Messages = messages, AddGenerationPrompt = addGenerationPrompt, BosToken = bosToken,
            EosToken = eosToken
        };
        if (variables is not null) input = input with { Variables = variables };
        try
        {
            return PromptInput.FromText(Template.Render(input, clock)) with { AddSpecialTokens = false, Field = "messages" };
        }
        catch (ChatTemplateException e)
        {
            throw new RequestValidationException("messages",
                e.IsRaised ? $"The chat template refuses the messages: {e.Reason}" : $"The chat template fails: {e.Message}");
        }
    }
}
