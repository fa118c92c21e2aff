namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>An expression of a template.</summary>
internal abstract record Expression(int Line)
{
    public sealed record Literal(int Line, object? Value) : Expression(Line);

    public sealed record Name(int Line, string Id) : Expression(Line);

    public sealed record List(int Line, IReadOnlyList<Expression> Items) : Expression(Line);

    public sealed record Tuple(int Line, IReadOnlyList<Expression> Items) : Expression(Line);

    public sealed record Dict(int Line, IReadOnlyList<(Expression Key, Expression Value)> Items) : Expression(Line);

    public sealed record Attribute(int Line, Expression Target, string Member) : Expression(Line);

    public sealed record Index(int Line, Expression Target, Expression Key) : Expression(Line);

    public sealed record Slice(int Line, Expression Target, Expression? Start, Expression? Stop, Expression? Step) : Expression(Line);

    public sealed record Call(int Line, Expression Callee, ArgumentList Arguments) : Expression(Line);

    /// <summary>The target is null in a filter block, whose text it is then.</summary>
    public sealed record Filter(int Line, Expression? Target, string Function, ArgumentList Arguments) : Expression(Line);

    public sealed record Test(int Line, Expression Target, string Function, ArgumentList Arguments) : Expression(Line);

    public sealed record Not(int Line, Expression Operand) : Expression(Line);

    public sealed record Negate(int Line, Expression Operand, bool IsNegative) : Expression(Line);

    public sealed record Binary(int Line, string Operator, Expression Left, Expression Right) : Expression(Line);

    public sealed record Concat(int Line, IReadOnlyList<Expression> Parts) : Expression(Line);

    /// <summary><c>a &lt; b &lt;= c</c>: every pair holds.</summary>
    public sealed record Compare(int Line, Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest) : Expression(Line);

    public sealed record And(int Line, Expression Left, Expression Right) : Expression(Line);

    public sealed record Or(int Line, Expression Left, Expression Right) : Expression(Line);

    public sealed record Conditional(int Line, Expression Condition, Expression Then, Expression? Else) : Expression(Line);
}
