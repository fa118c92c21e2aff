using System.Text;
using Grid.Tokenization.Patterns;

namespace Grid.Tokenization.Normalization;

internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : INormalizer
{
    public string Normalize(string text)
    {
        var matches = new List<TextMatch>();
        pattern.FindMatches(text, matches);
        if (matches.Count == 0) return text;
        var result = new StringBuilder(text.Length);
        var position = 0;
        foreach (var match in matches)
        {
            result.Append(text, position, match.Start - position).Append(content);
            position = match.End;
        }
        return result.Append(text, position, text.Length - position).ToString();
    }
}
