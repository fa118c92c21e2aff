using System.Globalization;
using System.Numerics;
using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Syntax;

internal sealed partial class ExpressionParser
{
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
                return new Expression.Literal(token.Line,
                    double.Parse(token.Text.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture));
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
}
