namespace Grid.Tokenization.Normalization;

/// <summary>Rewrites the text between two added tokens before it is split.</summary>
internal interface INormalizer
{
    string Normalize(string text);
}
