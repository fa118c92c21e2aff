namespace Grid.Tokenization.ChatTemplates;

/// <summary>What a template renders; the names are those of transformers' <c>apply_chat_template</c>.</summary>
public sealed record ChatTemplateInput
{
    /// <summary>The conversation: a list of objects with <c>role</c>, <c>content</c> and what else the template knows.</summary>
    public required ChatTemplateValue Messages { get; init; }

    /// <summary>Function declarations; None by default.</summary>
    public ChatTemplateValue Tools { get; init; }

    /// <summary>Documents for retrieval; None by default.</summary>
    public ChatTemplateValue Documents { get; init; }

    /// <summary>Whether the prompt ends where the assistant's answer begins.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>Text of the beginning-of-sequence token; null leaves <c>bos_token</c> undefined.</summary>
    public string? BosToken { get; init; }

    /// <summary>Text of the end-of-sequence token; null leaves <c>eos_token</c> undefined.</summary>
    public string? EosToken { get; init; }

    /// <summary>Further variables such as <c>enable_thinking</c> (<c>chat_template_kwargs</c>); they win over all others.</summary>
    public IReadOnlyDictionary<string, ChatTemplateValue> Variables { get; init; } = new Dictionary<string, ChatTemplateValue>();
}
