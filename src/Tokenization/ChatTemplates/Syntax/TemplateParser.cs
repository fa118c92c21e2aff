namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>Jinja's statements, with transformers' <c>generation</c> and the loop controls.</summary>
internal sealed class TemplateParser
{
    private readonly TokenCursor _tokens;
    private readonly ExpressionParser _expressions;
    private int _loopDepth;

    public TemplateParser(IReadOnlyList<Token> tokens)
    {
        _tokens = new(tokens);
        _expressions = new(_tokens);
    }

    public IReadOnlyList<Statement> Parse()
    {
        var body = Body([]);
        return _tokens.Current.Kind == TokenKind.End
            ? body
            : throw new TemplateSyntaxException(_tokens.Line, $"Encountered unknown tag '{_tokens.Current}'.");
    }

    /// <summary>Statements up to one of the tags of <paramref name="ends"/>, whose name is the current token then.</summary>
    private List<Statement> Body(params ReadOnlySpan<string> ends)
    {
        List<Statement> body = [];
        while (true)
        {
            var token = _tokens.Next();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    body.Add(new Statement.Text(token.Line, token.Text));
                    break;
                case TokenKind.VariableBegin:
                    body.Add(new Statement.Output(token.Line, _expressions.ParseTuple()));
                    _tokens.Expect(TokenKind.VariableEnd);
                    break;
                case TokenKind.BlockBegin:
                    if (_tokens.Current.Kind == TokenKind.Name && ends.Contains(_tokens.Current.Text)) return body;
                    body.Add(Tag());
                    break;
                default:
                    if (ends.Length == 0) return body;
                    throw new TemplateSyntaxException(token.Line,
                        $"Unexpected end of template. Jinja was looking for the following tags: '{string.Join("' or '", ends!)}'.");
            }
        }
    }

    private Statement Tag()
    {
        _tokens.Enter();
        var tag = _tokens.Expect(TokenKind.Name);
        Statement statement = tag.Text switch
        {
            "if" => If(tag.Line),
            "for" => For(tag.Line),
            "set" => Set(tag.Line),
            "macro" => new Statement.Macro(tag.Line, Macro(_tokens.Expect(TokenKind.Name).Text, "endmacro")),
            "call" => CallBlock(tag.Line),
            "filter" => FilterBlock(tag.Line),
            "with" => With(tag.Line),
            "generation" => new Statement.With(tag.Line, [], TagBody("endgeneration")),
            "break" when _loopDepth > 0 => new Statement.Break(tag.Line),
            "continue" when _loopDepth > 0 => new Statement.Continue(tag.Line),
            "break" or "continue" => throw new TemplateSyntaxException(tag.Line, $"'{tag.Text}' outside loop"),
            _ => throw new TemplateSyntaxException(tag.Line, $"Encountered unknown tag '{tag.Text}'."),
        };
        _tokens.Leave();
        _tokens.Expect(TokenKind.BlockEnd);
        return statement;
    }

    /// <summary>The rest of a tag, then statements up to and with the name of the end tag.</summary>
    private List<Statement> TagBody(string end)
    {
        _tokens.Expect(TokenKind.BlockEnd);
        var body = Body(end);
        _tokens.Next();
        return body;
    }

    private Statement.If If(int line)
    {
        List<(Expression, IReadOnlyList<Statement>)> branches = [];
        do
        {
            var condition = _expressions.ParseTuple(withCondition: false);
            _tokens.Expect(TokenKind.BlockEnd);
            branches.Add((condition, Body("elif", "else", "endif")));
        }
        while (_tokens.SkipName("elif"));
        return new(line, branches, Else("endif"));
    }

    private List<Statement> Else(string end)
    {
        if (_tokens.SkipName("else")) return TagBody(end);
        _tokens.ExpectName(end);
        return [];
    }

    private Statement.For For(int line)
    {
        var target = _expressions.ParseTarget(withNamespace: false);
        _tokens.ExpectName("in");
        var items = _expressions.ParseTuple(withCondition: false);
        var condition = _tokens.SkipName("if") ? _expressions.Parse() : null;
        var isRecursive = _tokens.SkipName("recursive");
        _tokens.Expect(TokenKind.BlockEnd);
        _loopDepth++;
        var body = Body("else", "endfor");
        _loopDepth--;
        return new(line, target, items, condition, isRecursive, body, Else("endfor"));
    }

    private Statement Set(int line)
    {
        var target = _expressions.ParseTarget(withNamespace: true);
        if (_tokens.Skip("=")) return new Statement.Set(line, target, _expressions.ParseTuple());
        var filter = _expressions.ParseFilters(null);
        return new Statement.SetBlock(line, target, filter, TagBody("endset"));
    }

    private MacroDefinition Macro(string name, string end)
    {
        var parameters = _tokens.At("(") ? Parameters() : [];
        _expressions.FreeNames.Push([]);
        var loopDepth = _loopDepth;
        _loopDepth = 0;
        var body = TagBody(end);
        _loopDepth = loopDepth;
        return new(name, parameters, body, _expressions.FreeNames.Pop());
    }

    private List<(string, Expression?)> Parameters()
    {
        List<(string, Expression?)> parameters = [];
        _tokens.Expect("(");
        while (!_tokens.Skip(")"))
        {
            if (parameters.Count > 0) _tokens.Expect(",");
            var name = _tokens.Expect(TokenKind.Name);
            var fallback = _tokens.Skip("=") ? _expressions.Parse() : null;
            if (fallback is null && parameters is [.., (_, not null)])
                throw new TemplateSyntaxException(name.Line, "non-default argument follows default argument");
            parameters.Add((name.Text, fallback));
        }

        return parameters;
    }

    private Statement.CallBlock CallBlock(int line)
    {
        var parameters = _tokens.At("(") ? Parameters() : [];
        if (_expressions.Parse() is not Expression.Call call) throw new TemplateSyntaxException(line, "expected call");
        var caller = Macro("caller", "endcall");
        return new(line, call, caller with { Parameters = parameters });
    }

    private Statement.FilterBlock FilterBlock(int line)
    {
        var filter = _expressions.ParseFilters(_expressions.ParseFilter(null))!;
        return new(line, filter, TagBody("endfilter"));
    }

    private Statement.With With(int line)
    {
        List<(Expression, Expression)> variables = [];
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (variables.Count > 0) _tokens.Expect(",");
            var target = _expressions.ParseTarget(withNamespace: false);
            _tokens.Expect("=");
            variables.Add((target, _expressions.Parse()));
        }

        return new(line, variables, TagBody("endwith"));
    }
}
