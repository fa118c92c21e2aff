namespace Grid.Tokenization;

internal static class TokenLimits
{
    /// <summary>Tables have a row for each id: a broken file must not ask for gigabytes.</summary>
    public const int MaxId = (1 << 24) - 1;
}
