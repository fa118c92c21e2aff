namespace Grid.Tokenization.ChatTemplates.Syntax;

internal enum TokenKind
{
    /// <summary>Text outside of all tags.</summary>
    Data,
    BlockBegin,
    BlockEnd,
    VariableBegin,
    VariableEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
    End,
}
