namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>Walks over the tokens of a template.</summary>
internal sealed class TokenCursor(IReadOnlyList<Token> tokens)
{
    // Python's own limit lets about as many parentheses nest.
    private const int MaxDepth = 200;

    private int _position;
    private int _depth;

    public Token Current => tokens[_position];

    public int Line => Current.Line;

    /// <summary>Accounts for a nested construct, until <see cref="Leave"/>; an error ends the parsing anyway.</summary>
    public void Enter()
    {
        if (++_depth > MaxDepth) throw new TemplateSyntaxException(Line, $"the template is nested more than {MaxDepth} deep");
    }

    public void Leave() => _depth--;

    public Token Next()
    {
        var token = Current;
        if (token.Kind != TokenKind.End) _position++;
        return token;
    }

    public bool At(string symbol) => Current.Is(TokenKind.Operator, symbol);

    public bool AtName(string name) => Current.Is(TokenKind.Name, name);

    /// <summary>Whether the token after the current one is this operator.</summary>
    public bool IsFollowedBy(string symbol) => _position + 1 < tokens.Count && tokens[_position + 1].Is(TokenKind.Operator, symbol);

    /// <summary>Whether the token after the current one is this name.</summary>
    public bool IsFollowedByName(string name) => _position + 1 < tokens.Count && tokens[_position + 1].Is(TokenKind.Name, name);

    public bool Skip(string symbol)
    {
        var found = At(symbol);
        if (found) Next();
        return found;
    }

    public bool SkipName(string name)
    {
        var found = AtName(name);
        if (found) Next();
        return found;
    }

    public void Expect(string symbol)
    {
        if (!Skip(symbol)) throw Unexpected($"'{symbol}'");
    }

    public void ExpectName(string name)
    {
        if (!SkipName(name)) throw Unexpected($"'{name}'");
    }

    public Token Expect(TokenKind kind)
    {
        if (Current.Kind == kind) return Next();
        throw Unexpected($"'{new Token(kind, kind.ToString(), 0)}'");
    }

    public TemplateSyntaxException Unexpected(string expected) => new(Line, $"expected token {expected}, got '{Current}'");
}
