namespace Grid.Tokenization.Patterns;

/// <summary>A half-open range of UTF-16 units.</summary>
internal readonly record struct TextMatch(int Start, int End);
