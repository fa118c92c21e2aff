using System.Text.RegularExpressions;
using Grid.Tokenization.ChatTemplates.Objects;

namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>Cuts a template into text and tags, with trim_blocks and lstrip_blocks on.</summary>
internal sealed partial class Lexer
{
    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _position;
    private int _line = 1;

    private Lexer(string source) => _source = source;

    public static IReadOnlyList<Token> Tokenize(string source)
    {
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var lexer = new Lexer(source.EndsWith('\n') ? source[..^1] : source);
        lexer.Run();
        return lexer._tokens;
    }

    [GeneratedRegex(@"\G\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})")]
    private static partial Regex RawBegin();

    [GeneratedRegex(@"\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\}\n?)")]
    private static partial Regex RawEnd();

    private void Run()
    {
        while (_position < _source.Length)
        {
            var begin = NextTag();
            if (begin < 0)
            {
                AddData(_source[_position..]);
                break;
            }

            var (kind, sign) = (_source[begin + 1], begin + 2 < _source.Length ? _source[begin + 2] : ' ');
            AddData(Strip(_source[_position..begin], sign, isVariable: kind == '{'));
            Advance(begin);
            if (kind == '%' && RawBegin().Match(_source, _position) is { Success: true } raw)
            {
                Raw(raw);
                continue;
            }

            Advance(begin + (sign is '-' or '+' ? 3 : 2));
            if (kind == '#') Comment();
            else Tag(
                kind == '%' ? (TokenKind.BlockBegin, TokenKind.BlockEnd, "%}") : (TokenKind.VariableBegin, TokenKind.VariableEnd, "}}"));
        }

        _tokens.Add(new(TokenKind.End, "", _line));
    }

    private int NextTag()
    {
        for (var at = _position; (at = _source.IndexOf('{', at)) >= 0 && at + 1 < _source.Length; at++)
            if (_source[at + 1] is '{' or '%' or '#') return at;
        return -1;
    }

    /// <summary>The text before a tag, without what the tag's sign or lstrip_blocks takes from its end.</summary>
    private string Strip(string text, char sign, bool isVariable)
    {
        if (sign == '-') return text.TrimEnd(PythonText.Whitespace);
        if (sign == '+' || isVariable) return text;
        var lineStart = text.LastIndexOf('\n') + 1;
        var startsLine = lineStart > 0 || _position == 0 || _source[_position - 1] == '\n';
        return startsLine && text.AsSpan(lineStart).Trim(PythonText.Whitespace).IsEmpty ? text[..lineStart] : text;
    }

    private void Raw(Match begin)
    {
        var line = _line;
        Advance(_position + begin.Length);
        var end = RawEnd().Match(_source, _position);
        if (!end.Success) throw new TemplateSyntaxException(line, "Missing end of raw directive");
        AddData(Strip(_source[_position..end.Index], end.Groups[1].Length > 0 ? end.Groups[1].Value[0] : ' ', isVariable: false));
        Advance(end.Index + end.Length);
    }

    private void Comment()
    {
        var end = _source.IndexOf("#}", _position, StringComparison.Ordinal);
        if (end < 0) throw new TemplateSyntaxException(_line, "Missing end of comment tag");
        var sign = end > _position ? _source[end - 1] : ' ';
        Advance(end + 2);
        SkipAfterTag(sign, trims: true);
    }

    private void Tag((TokenKind Begin, TokenKind End, string Closing) kinds)
    {
        _tokens.Add(new(kinds.Begin, "", _line));
        var scanner = new TagScanner(_source, _position, _line, kinds.Closing);
        while (scanner.Next() is { } token) _tokens.Add(token);
        (_position, _line) = (scanner.Position, scanner.Line);
        _tokens.Add(new(kinds.End, "", _line));
        SkipAfterTag(scanner.ClosingSign, trims: kinds.End == TokenKind.BlockEnd);
    }

    private void SkipAfterTag(char sign, bool trims)
    {
        var end = _position;
        if (sign == '-')
            while (end < _source.Length && PythonText.IsSpace(_source[end])) end++;
        else if (sign != '+' && trims && end < _source.Length && _source[end] == '\n')
            end++;
        Advance(end);
    }

    private void AddData(string text)
    {
        if (text.Length > 0) _tokens.Add(new(TokenKind.Data, text, _line));
    }

    private void Advance(int position)
    {
        _line += _source.AsSpan(_position, position - _position).Count('\n');
        _position = position;
    }
}
