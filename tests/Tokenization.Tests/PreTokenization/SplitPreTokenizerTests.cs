using Grid.Tokenization.Patterns;
using Grid.Tokenization.PreTokenization;

namespace Grid.Tokenization.Tests.PreTokenization;

public sealed class SplitPreTokenizerTests
{
    [Theory]
    [InlineData("Removed", "the|final|countdown")]
    [InlineData("Isolated", "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", "the|-final|-|-countdown")]
    [InlineData("Contiguous", "the|-|final|--|countdown")]
    public void Apply_Behavior_CutsAsPublished(string behavior, string expected) =>
        Assert.Equal(expected,
        Split(new SplitPreTokenizer(new LiteralPattern("-"), Enum.Parse<SplitBehavior>(behavior)), "the-final--countdown"));

    [Fact]
    public void Apply_InvertedRemoved_KeepsTheMatches() =>
        Assert.Equal("12|3", Split(new SplitPreTokenizer(new RegexPattern("[0-9]+"), SplitBehavior.Removed, invert: true), "a12b3c"));

    [Theory]
    [InlineData("Always", true, "▁a|▁b|▁|▁c|▁")]
    [InlineData("Never", true, "a|▁b|▁|▁c|▁")]
    [InlineData("First", false, "▁a▁b▁▁c▁")]
    public void Apply_Metaspace_MarksSpaces(string scheme, bool split, string expected) =>
        Assert.Equal(expected, Split(new MetaspacePreTokenizer('▁', Enum.Parse<PrependScheme>(scheme), split), "a b  c "));

    private static string Split(IPreTokenizer preTokenizer, string text)
    {
        var buffer = new PieceBuffer();
        buffer.Reset(text, atTextStart: true);
        preTokenizer.Apply(buffer);
        var pieces = new List<string>();
        foreach (var piece in buffer.Pieces) pieces.Add(buffer[piece].ToString());
        return string.Join('|', pieces);
    }
}
