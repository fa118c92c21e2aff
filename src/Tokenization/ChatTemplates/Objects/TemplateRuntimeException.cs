namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>What Python or Jinja would raise; the message is theirs.</summary>
internal sealed class TemplateRuntimeException(string message, bool isRaised = false) : Exception(message)
{
    /// <summary>Whether the template called <c>raise_exception</c>.</summary>
    public bool IsRaised { get; } = isRaised;
}
