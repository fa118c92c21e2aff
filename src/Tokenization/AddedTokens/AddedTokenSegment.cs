namespace Grid.Tokenization.AddedTokens;

/// <summary>A stretch of text, in UTF-16 units, that is one added token, or that holds none (null id).</summary>
internal readonly record struct AddedTokenSegment(int Start, int End, int? Id);
