namespace Grid.Tokenization.Patterns;

internal sealed class LiteralPattern(string literal) : TextPattern
{
    public override void FindMatches(ReadOnlySpan<char> text, List<TextMatch> matches)
    {
        if (literal.Length == 0) return;
        for (var position = 0; ;)
        {
            var found = text[position..].IndexOf(literal, StringComparison.Ordinal);
            if (found < 0) return;
            matches.Add(new TextMatch(position + found, position + found + literal.Length));
            position += found + literal.Length;
        }
    }
}
