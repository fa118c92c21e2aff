namespace Grid.Tokenization;

/// <summary>The special tokens that go around a text.</summary>
internal sealed record TokenTemplate(int[] Before, int[] After)
{
    public static TokenTemplate Empty { get; } = new([], []);
}
