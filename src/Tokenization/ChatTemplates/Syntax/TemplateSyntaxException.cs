namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>The source is not a template.</summary>
internal sealed class TemplateSyntaxException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
