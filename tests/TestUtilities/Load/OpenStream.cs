namespace Grid.TestUtilities.Load;

/// <summary>A stream that has begun and not ended.</summary>
/// <param name="Node">Where it began.</param>
/// <param name="Answer">What has come.</param>
/// <param name="Expected">What will have come; null: not known.</param>
internal sealed record OpenStream(string Node, LoadAnswer Answer, ExpectedAnswer? Expected)
{
    public bool IsMidway => Expected is { Tokens.Length: var length } && Answer.NumTokens > length / 4 && Answer.NumTokens < length * 3 / 4;
}
