namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>Arguments as a call writes them.</summary>
internal sealed record ArgumentList(
    IReadOnlyList<Expression> Positional,
    IReadOnlyList<(string Name, Expression Value)> Keyword,
    Expression? Star = null,
    Expression? DoubleStar = null)
{
    public static ArgumentList Empty { get; } = new([], []);
}
