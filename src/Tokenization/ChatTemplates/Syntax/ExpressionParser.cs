namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>Jinja's expressions: operators here, loosest first; operands in the other half.</summary>
internal sealed partial class ExpressionParser(TokenCursor tokens)
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];
    private static readonly string[] EndOfTestArgument = ["else", "or", "and", "is", "if", "in", "not", "recursive"];

    /// <summary>The names read so far, per macro that is being parsed.</summary>
    public Stack<HashSet<string>> FreeNames { get; } = new();

    /// <param name="withCondition">Whether an inline if is allowed here.</param>
    public Expression Parse(bool withCondition = true)
    {
        tokens.Enter();
        var expression = Or();
        while (withCondition && tokens.AtName("if"))
        {
            var line = tokens.Next().Line;
            var condition = Or();
            expression = new Expression.Conditional(line, condition, expression, tokens.SkipName("else") ? Parse() : null);
        }

        tokens.Leave();
        return expression;
    }

    /// <summary>An expression, or a tuple of them without parentheses.</summary>
    public Expression ParseTuple(bool withCondition = true)
    {
        var line = tokens.Line;
        var first = Parse(withCondition);
        if (!tokens.At(",")) return first;
        List<Expression> items = [first];
        while (tokens.Skip(",") && !AtTupleEnd()) items.Add(Parse(withCondition));
        return new Expression.Tuple(line, items);
    }

    /// <summary>A name, names in a tuple, or <c>namespace.attribute</c>.</summary>
    public Expression ParseTarget(bool withNamespace)
    {
        var line = tokens.Line;
        List<Expression> items = [];
        do
        {
            if (items.Count > 0 && tokens.Current.Kind != TokenKind.Name && !tokens.At("(")) break;
            items.Add(SingleTarget(withNamespace));
        }
        while (tokens.Skip(","));
        return items.Count == 1 ? items[0] : new Expression.Tuple(line, items);
    }

    /// <summary>The filters after a value, first <c>|</c> included; a null value is the text of a filter block.</summary>
    public Expression? ParseFilters(Expression? value)
    {
        while (tokens.Skip("|")) value = ParseFilter(value);
        return value;
    }

    /// <summary>One filter, after the <c>|</c>.</summary>
    public Expression ParseFilter(Expression? value)
    {
        var line = tokens.Line;
        return new Expression.Filter(line, value, DottedName(), tokens.At("(") ? Arguments() : ArgumentList.Empty);
    }

    private Expression SingleTarget(bool withNamespace)
    {
        if (tokens.Skip("("))
        {
            var nested = ParseTarget(withNamespace);
            tokens.Expect(")");
            return nested;
        }

        var name = tokens.Expect(TokenKind.Name);
        if (name.Text is "true" or "false" or "none" or "True" or "False" or "None")
            throw new TemplateSyntaxException(name.Line, $"can't assign to '{name.Text}'");
        if (!withNamespace || !tokens.Skip(".")) return new Expression.Name(name.Line, name.Text);
        return new Expression.Attribute(name.Line, new Expression.Name(name.Line, name.Text), tokens.Expect(TokenKind.Name).Text);
    }

    private Expression Or()
    {
        var left = And();
        while (tokens.AtName("or")) left = new Expression.Or(tokens.Next().Line, left, And());
        return left;
    }

    private Expression And()
    {
        var left = Not();
        while (tokens.AtName("and")) left = new Expression.And(tokens.Next().Line, left, Not());
        return left;
    }

    private Expression Not()
    {
        if (!tokens.AtName("not")) return Compare();
        tokens.Enter();
        var not = new Expression.Not(tokens.Next().Line, Not());
        tokens.Leave();
        return not;
    }

    private Expression Compare()
    {
        var line = tokens.Line;
        var first = Sum();
        List<(string, Expression)> rest = [];
        while (true)
        {
            if (tokens.Current.Kind == TokenKind.Operator && Comparisons.Contains(tokens.Current.Text))
                rest.Add((tokens.Next().Text, Sum()));
            else if (tokens.SkipName("in")) rest.Add(("in", Sum()));
            else if (tokens.AtName("not") && tokens.IsFollowedByName("in"))
            {
                tokens.Next();
                tokens.Next();
                rest.Add(("not in", Sum()));
            }
            else
            {
                return rest.Count == 0 ? first : new Expression.Compare(line, first, rest);
            }
        }
    }

    private Expression Sum() => Binary(Concat, "+", "-");

    private Expression Concat()
    {
        var line = tokens.Line;
        var first = Product();
        if (!tokens.At("~")) return first;
        List<Expression> parts = [first];
        while (tokens.Skip("~")) parts.Add(Product());
        return new Expression.Concat(line, parts);
    }

    private Expression Product() => Binary(Power, "*", "/", "//", "%");

    private Expression Power() => Binary(() => Unary(withFilter: true), "**");

    private Expression Binary(Func<Expression> operand, params ReadOnlySpan<string> operators)
    {
        var left = operand();
        while (tokens.Current.Kind == TokenKind.Operator && operators.Contains(tokens.Current.Text))
        {
            var symbol = tokens.Next();
            left = new Expression.Binary(symbol.Line, symbol.Text, left, operand());
        }

        return left;
    }

    private Expression Unary(bool withFilter)
    {
        tokens.Enter();
        var line = tokens.Line;
        Expression expression;
        if (tokens.Skip("-")) expression = new Expression.Negate(line, Unary(withFilter: false), IsNegative: true);
        else if (tokens.Skip("+")) expression = new Expression.Negate(line, Unary(withFilter: false), IsNegative: false);
        else expression = Primary();
        expression = Postfix(expression);
        tokens.Leave();
        return withFilter ? FiltersAndTests(expression) : expression;
    }

    private Expression FiltersAndTests(Expression expression)
    {
        while (true)
        {
            if (tokens.At("|")) expression = ParseFilters(expression)!;
            else if (tokens.AtName("is")) expression = Test(expression);
            else if (tokens.At("(")) expression = new Expression.Call(tokens.Line, expression, Arguments());
            else return expression;
        }
    }

    private Expression Test(Expression expression)
    {
        var line = tokens.Next().Line;
        var isNegated = tokens.SkipName("not");
        var name = DottedName();
        var arguments = ArgumentList.Empty;
        if (tokens.At("("))
            arguments = Arguments();
        else if (StartsTestArgument())
            arguments = new([Postfix(Primary())], []);
        Expression test = new Expression.Test(line, expression, name, arguments);
        return isNegated ? new Expression.Not(line, test) : test;
    }

    private bool StartsTestArgument() => tokens.Current.Kind switch
    {
        TokenKind.Name => !EndOfTestArgument.Contains(tokens.Current.Text),
        TokenKind.String or TokenKind.Integer or TokenKind.Float => true,
        _ => tokens.At("[") || tokens.At("{"),
    };

    private string DottedName()
    {
        var name = tokens.Expect(TokenKind.Name).Text;
        while (tokens.Skip(".")) name += "." + tokens.Expect(TokenKind.Name).Text;
        return name;
    }

    private bool AtTupleEnd() =>
        tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || tokens.At(")") || tokens.At("]") || tokens.At("=");
}
