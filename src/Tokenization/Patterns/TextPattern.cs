namespace Grid.Tokenization.Patterns;

/// <summary>A pattern of a tokenizer file: a literal string or a regular expression.</summary>
internal abstract class TextPattern
{
    /// <summary>Adds the matches that do not overlap, from left to right, never inside a surrogate pair.</summary>
    public abstract void FindMatches(ReadOnlySpan<char> text, List<TextMatch> matches);
}
