using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Grid.Tokenization.ChatTemplates.Runtime;

namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>Jinja's expressions, loosest operator first.</summary>
internal sealed class ExpressionParser(TokenCursor tokens)
{
    private static readonly string[] s_comparisons = ["==", "!=", "<", "<=", ">", ">="];
    private static readonly string[] s_endOfTestArgument = ["else", "or", "and", "is", "if", "in", "not", "recursive"];

    /// <summary>The names read so far, per macro that is being parsed.</summary>
    public Stack<HashSet<string>> FreeNames { get; } = new();

    /// <param name="withCondition">Whether an inline if may stand here.</param>
    public Expression Parse(bool withCondition = true)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var expression = Or();
        while (withCondition && tokens.AtName("if"))
        {
            var line = tokens.Next().Line;
            var condition = Or();
            expression = new Expression.Conditional(line, condition, expression, tokens.SkipName("else") ? Parse() : null);
        }

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
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return tokens.AtName("not") ? new Expression.Not(tokens.Next().Line, Not()) : Compare();
    }

    private Expression Compare()
    {
        var line = tokens.Line;
        var first = Sum();
        List<(string, Expression)> rest = [];
        while (true)
        {
            if (tokens.Current.Kind == TokenKind.Operator && s_comparisons.Contains(tokens.Current.Text)) rest.Add((tokens.Next().Text, Sum()));
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
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var line = tokens.Line;
        Expression expression;
        if (tokens.Skip("-")) expression = new Expression.Negate(line, Unary(withFilter: false), IsNegative: true);
        else if (tokens.Skip("+")) expression = new Expression.Negate(line, Unary(withFilter: false), IsNegative: false);
        else expression = Primary();
        expression = Postfix(expression);
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
        TokenKind.Name => !s_endOfTestArgument.Contains(tokens.Current.Text),
        TokenKind.String or TokenKind.Integer or TokenKind.Float => true,
        _ => tokens.At("[") || tokens.At("{"),
    };

    private string DottedName()
    {
        var name = tokens.Expect(TokenKind.Name).Text;
        while (tokens.Skip(".")) name += "." + tokens.Expect(TokenKind.Name).Text;
        return name;
    }

    private Expression Postfix(Expression expression)
    {
        while (true)
        {
            var line = tokens.Line;
            if (tokens.Skip(".")) expression = Member(expression, line);
            else if (tokens.At("[")) expression = Subscript(expression);
            else if (tokens.At("(")) expression = new Expression.Call(line, expression, Arguments());
            else return expression;
        }
    }

    private Expression Member(Expression target, int line)
    {
        if (tokens.Current.Kind == TokenKind.Integer) return new Expression.Index(line, target, Primary());
        return new Expression.Attribute(line, target, tokens.Expect(TokenKind.Name).Text);
    }

    private Expression Subscript(Expression target)
    {
        var line = tokens.Next().Line;
        var start = tokens.At(":") ? null : ParseTuple();
        if (tokens.Skip("]")) return new Expression.Index(line, target, start!);

        tokens.Expect(":");
        var stop = tokens.At(":") || tokens.At("]") ? null : Parse();
        var step = tokens.Skip(":") && !tokens.At("]") ? Parse() : null;
        tokens.Expect("]");
        return new Expression.Slice(line, target, start, stop, step);
    }

    private Expression Primary()
    {
        var token = tokens.Next();
        switch (token.Kind)
        {
            case TokenKind.Name: return Name(token);
            case TokenKind.Integer: return new Expression.Literal(token.Line, Integer(token));
            case TokenKind.Float:
                return new Expression.Literal(token.Line, double.Parse(token.Text.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));
            case TokenKind.String:
                var text = token.Text;
                while (tokens.Current.Kind == TokenKind.String) text += tokens.Next().Text;
                return new Expression.Literal(token.Line, text);
            case TokenKind.Operator when token.Text == "(": return Parenthesized(token.Line);
            case TokenKind.Operator when token.Text == "[": return new Expression.List(token.Line, Items("]"));
            case TokenKind.Operator when token.Text == "{": return Dict(token.Line);
            default: throw new TemplateSyntaxException(token.Line, $"unexpected '{token}'");
        }
    }

    private Expression Name(Token token)
    {
        switch (token.Text)
        {
            case "true" or "True": return new Expression.Literal(token.Line, true);
            case "false" or "False": return new Expression.Literal(token.Line, false);
            case "none" or "None": return new Expression.Literal(token.Line, null);
        }

        foreach (var names in FreeNames) names.Add(token.Text);
        return new Expression.Name(token.Line, token.Text);
    }

    private static object Integer(Token token)
    {
        var digits = token.Text.Replace("_", "", StringComparison.Ordinal);
        var radix = digits.Length < 2 ? 10 : char.ToLowerInvariant(digits[1]) switch { 'b' => 2, 'o' => 8, 'x' => 16, _ => 10 };
        if (radix == 10) return Numbers.Normalize(BigInteger.Parse(digits, CultureInfo.InvariantCulture));
        var value = BigInteger.Zero;
        foreach (var digit in digits.AsSpan(2)) value = value * radix + Convert.ToInt32(digit.ToString(), 16);
        return Numbers.Normalize(value);
    }

    private Expression Parenthesized(int line)
    {
        if (tokens.Skip(")")) return new Expression.Tuple(line, []);
        var inner = ParseTuple();
        tokens.Expect(")");
        return inner;
    }

    private List<Expression> Items(string end)
    {
        List<Expression> items = [];
        while (!tokens.Skip(end))
        {
            if (items.Count > 0) tokens.Expect(",");
            if (tokens.Skip(end)) break;
            items.Add(Parse());
        }

        return items;
    }

    private Expression.Dict Dict(int line)
    {
        List<(Expression, Expression)> items = [];
        while (!tokens.Skip("}"))
        {
            if (items.Count > 0) tokens.Expect(",");
            if (tokens.Skip("}")) break;
            var key = Parse();
            tokens.Expect(":");
            items.Add((key, Parse()));
        }

        return new(line, items);
    }

    private ArgumentList Arguments()
    {
        List<Expression> positional = [];
        List<(string, Expression)> keyword = [];
        (Expression? star, Expression? doubleStar) = (null, null);
        tokens.Expect("(");
        for (var first = true; !tokens.Skip(")"); first = false)
        {
            if (!first) tokens.Expect(",");
            if (tokens.Skip(")")) break;
            if (tokens.Skip("**")) doubleStar = Parse();
            else if (tokens.Skip("*")) star = Parse();
            else if (tokens.Current.Kind == TokenKind.Name && tokens.IsFollowedBy("="))
            {
                var name = tokens.Next().Text;
                tokens.Next();
                keyword.Add((name, Parse()));
            }
            else if (keyword.Count > 0)
            {
                throw new TemplateSyntaxException(tokens.Line, "invalid syntax for function call expression");
            }
            else
            {
                positional.Add(Parse());
            }
        }

        return new(positional, keyword, star, doubleStar);
    }

    private bool AtTupleEnd() =>
        tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || tokens.At(")") || tokens.At("]") || tokens.At("=");
}
