namespace Grid.Tokenization.ChatTemplates;

/// <summary>A chat template cannot be read, or cannot render what it was given.</summary>
public sealed class ChatTemplateException : Exception
{
    internal ChatTemplateException(string template, int line, string reason, bool isRaised = false, Exception? inner = null)
        : base($"chat template {template}, line {line}: {reason}", inner)
    {
        Template = template;
        Line = line;
        Reason = reason;
        IsRaised = isRaised;
    }

    private ChatTemplateException(string message)
        : base(message)
    {
        Template = "";
        Reason = message;
    }

    /// <summary>Name of the template, as given to <c>ChatTemplate.Parse</c>; empty where the model has none.</summary>
    public string Template { get; }

    /// <summary>Line of the template, from 1; 0 where the model has no template.</summary>
    public int Line { get; }

    /// <summary>What went wrong, in Python's and Jinja's words; the text alone that the template gave to <c>raise_exception</c>.</summary>
    public string Reason { get; }

    /// <summary>Whether the template itself refused the conversation with <c>raise_exception</c>.</summary>
    public bool IsRaised { get; }

    /// <summary>The error of a model without a template: as in transformers since 4.44 there is no default one.</summary>
    public static ChatTemplateException NoTemplate() => new(
        "As of transformers v4.44, default chat template is no longer allowed, so you must provide a chat template if the tokenizer does "
        + "not define one.");
}
