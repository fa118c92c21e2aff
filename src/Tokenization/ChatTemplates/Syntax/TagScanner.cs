using System.Text.RegularExpressions;
using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>Reads the tokens inside one tag up to its end.</summary>
internal sealed partial class TagScanner(string source, int position, int line, string closing)
{
    private static readonly string[] Operators =
        ["**", "//", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",",
        ";"];

    private readonly int _firstLine = line;
    private readonly Stack<char> _open = new();
    private bool _afterDot;

    public int Position { get; private set; } = position;

    public int Line { get; private set; } = line;

    /// <summary><c>-</c> or <c>+</c> in front of the end, else a space.</summary>
    public char ClosingSign { get; private set; } = ' ';

    /// <summary>The next token, or null at the end of the tag.</summary>
    public Token? Next()
    {
        SkipSpace();
        if (Position >= source.Length)
            throw new TemplateSyntaxException(_firstLine, $"unexpected end of template, expected '{closing}'.");
        if (_open.Count == 0 && AtEnd()) return null;

        var token = Scan();
        _afterDot = token.Is(TokenKind.Operator, ".");
        return token;
    }

    [GeneratedRegex(@"\G[0-9](?:_?[0-9])*(?:\.[0-9](?:_?[0-9])*(?:[eE][+-]?[0-9](?:_?[0-9])*)?|[eE][+-]?[0-9](?:_?[0-9])*)")]
    private static partial Regex Float();

    [GeneratedRegex(@"\G(?:0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[0-9](?:_?[0-9])*)")]
    private static partial Regex Integer();

    [GeneratedRegex(@"\G[\p{L}_][\p{L}\p{Mn}\p{Mc}\p{Nd}_]*")]
    private static partial Regex Name();

    [GeneratedRegex(@"\G(?:'(?:[^'\\]|\\.)*'|""(?:[^""\\]|\\.)*"")", RegexOptions.Singleline)]
    private static partial Regex String();

    private Token Scan()
    {
        if (!_afterDot && Float().Match(source, Position) is { Success: true } real) return Take(TokenKind.Float, real.Value);
        if (Integer().Match(source, Position) is { Success: true } integer) return Take(TokenKind.Integer, integer.Value);
        if (Name().Match(source, Position) is { Success: true } name) return Take(TokenKind.Name, name.Value);
        if (String().Match(source, Position) is { Success: true } text)
            return Take(TokenKind.String, text.Value) with { Text = StringLiteral.Decode(text.Value.AsSpan(1, text.Length - 2), Line) };
        foreach (var symbol in Operators)
            if (string.CompareOrdinal(source, Position, symbol, 0, symbol.Length) == 0)
            {
                Balance(symbol);
                return Take(TokenKind.Operator, symbol);
            }

        throw new TemplateSyntaxException(Line, $"unexpected char '{source[Position]}' at {Position}");
    }

    private bool AtEnd()
    {
        var sign = source[Position];
        var signed = sign == '-' || (sign == '+' && closing == "%}");
        if (string.CompareOrdinal(source, Position + (signed ? 1 : 0), closing, 0, closing.Length) != 0) return false;
        if (signed) ClosingSign = sign;
        Position += closing.Length + (signed ? 1 : 0);
        return true;
    }

    private void Balance(string symbol)
    {
        switch (symbol)
        {
            case "(": _open.Push(')'); break;
            case "[": _open.Push(']'); break;
            case "{": _open.Push('}'); break;
            case ")" or "]" or "}":
                if (!_open.TryPop(out var expected)) throw new TemplateSyntaxException(Line, $"unexpected '{symbol}'");
                if (expected != symbol[0]) throw new TemplateSyntaxException(Line, $"unexpected '{symbol}', expected '{expected}'");
                break;
        }
    }

    private Token Take(TokenKind kind, string text)
    {
        var token = new Token(kind, text, Line);
        Position += text.Length;
        Line += text.AsSpan().Count('\n');
        return token;
    }

    private void SkipSpace()
    {
        for (; Position < source.Length && PythonText.IsSpace(source[Position]); Position++)
            if (source[Position] == '\n') Line++;
    }
}
