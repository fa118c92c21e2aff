namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>A piece of a template.</summary>
internal abstract record Statement(int Line)
{
    public sealed record Text(int Line, string Value) : Statement(Line);

    public sealed record Output(int Line, Expression Value) : Statement(Line);

    public sealed record If(
        int Line, IReadOnlyList<(Expression Condition, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Else)
        : Statement(Line);

    public sealed record For(
        int Line, Expression Target, Expression Items, Expression? Condition, bool IsRecursive, IReadOnlyList<Statement> Body,
        IReadOnlyList<Statement> Else) : Statement(Line);

    public sealed record Set(int Line, Expression Target, Expression Value) : Statement(Line);

    /// <summary>The filter, which may be null, is what the text goes through.</summary>
    public sealed record SetBlock(int Line, Expression Target, Expression? Filter, IReadOnlyList<Statement> Body) : Statement(Line);

    public sealed record Macro(int Line, MacroDefinition Definition) : Statement(Line);

    public sealed record CallBlock(int Line, Expression.Call Call, MacroDefinition Caller) : Statement(Line);

    public sealed record FilterBlock(int Line, Expression Filter, IReadOnlyList<Statement> Body) : Statement(Line);

    /// <summary>A body with a scope of its own: <c>with</c>, and <c>generation</c>, which has no variables.</summary>
    public sealed record With(int Line, IReadOnlyList<(Expression Target, Expression Value)> Variables, IReadOnlyList<Statement> Body)
        : Statement(Line);

    public sealed record Break(int Line) : Statement(Line);

    public sealed record Continue(int Line) : Statement(Line);
}
