namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <param name="Kind">The kind of token.</param>
/// <param name="Text">Its text; of a string literal the value.</param>
/// <param name="Line">Line of its first character, from 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Line)
{
    public bool Is(TokenKind kind, string text) => Kind == kind && Text == text;

    public override string ToString() => Kind switch
    {
        TokenKind.End => "end of template",
        TokenKind.BlockEnd => "end of statement block",
        TokenKind.VariableEnd => "end of print statement",
        _ => Text,
    };
}
