namespace Grid.Tokenization.ChatTemplates.Objects;

/// <summary>The value of what is not there: prints nothing, is false and empty, and fails with its message where more is asked.</summary>
internal sealed class Undefined(string message)
{
    public TemplateRuntimeException Error() => new(message);
}
