using System.Text;
using Grid.Tokenization.Patterns;

namespace Grid.Tokenization.Tests.Patterns;

public sealed class RegexPatternTests
{
    [Theory]
    [InlineData(@"\p{L}+", "a𝓗b 𠜎", "a𝓗b|𠜎")]
    [InlineData(@"\p{Lu}", "a𝓗𐐨𐐀", "𝓗|𐐀")]
    [InlineData(@"\P{L}+", "a😀1𝓗", "😀1")]
    [InlineData(@"[^\s\p{L}\p{N}]+", "😀😀 𝟙x", "😀😀")]
    [InlineData(@"\p{N}", "𝟙2", "𝟙|2")]
    [InlineData(@"\d", "𝟙²2", "𝟙|2")]
    [InlineData(@"\S+", "𝟙 😀", "𝟙|😀")]
    [InlineData("[😀-😄]+", "😀😃😆x😁", "😀😃|😁")]
    [InlineData("[^😀]", "😀😁", "😁")]
    [InlineData("[a-😀]", "b😁😀€", "b|😀|€")]
    [InlineData("𐐀", "𐐁𐐀", "𐐀")]
    [InlineData(".", "😀\na", "😀|a")]
    [InlineData(@"\x{1F600}|\u0061", "a😀", "a|😀")]
    [InlineData("(?i:'s|'k)", "'S'ſ'K'x", "'S|'ſ|'K")]
    [InlineData("(?i:[a-t])", "ſu", "ſ")]
    [InlineData("a++b|a?+a", "aab a", "aab")]
    [InlineData("(?:ab){1,2}+", "abababx", "ababab")]
    [InlineData("a{,2}b", "aaab", "aab")]
    [InlineData("[]a]+", "]a]", "]a]")]
    [InlineData(@"\s+$", "a  \nb ", "  | ")]
    public void FindMatches_Pattern_GivesMatches(string pattern, string text, string expected)
    {
        var matches = new List<TextMatch>();
        new RegexPattern(pattern).FindMatches(text, matches);
        Assert.Equal(expected, string.Join('|', matches.Select(match => text[match.Start..match.End])));
    }

    [Theory]
    [InlineData(@"(a)\1", @"\1")]
    [InlineData(@"\p{Han}", @"\p{Han}")]
    [InlineData("[a-z&&b]", "&&")]
    [InlineData("[[a]]", "character class in another")]
    [InlineData("(?<name>a)", "(?<n")]
    [InlineData("(?#comment)", "(?#c")]
    public void Constructor_UnsupportedConstruct_NamesIt(string pattern, string construct) =>
        Assert.Contains(construct, Assert.Throws<NotSupportedException>(() => new RegexPattern(pattern)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("a\\")]
    [InlineData("[a\\")]
    [InlineData("[b-a]")]
    [InlineData(@"\p{L")]
    [InlineData(@"\x{}")]
    [InlineData("*")]
    public void Constructor_BrokenPattern_Throws(string pattern) => Assert.ThrowsAny<ArgumentException>(() => new RegexPattern(pattern));

    [Fact]
    public void FindMatches_EveryCategory_TellsSupplementaryCharactersApart()
    {
        foreach (var (name, rune) in new[] { ("Lu", 0x10400), ("Ll", 0x10428), ("Lo", 0x2070E), ("Mn", 0x1D167), ("Mc", 0x1D165),
            ("Nd", 0x1D7D8), ("Nl", 0x10140), ("No", 0x1F100), ("So", 0x1F600), ("Sk", 0x1F3FB), ("Cf", 0xE0001), ("Co", 0x10FFFD),
            ("Cn", 0x1FFFE) })
        {
            var text = new Rune(rune).ToString();
            var matches = new List<TextMatch>();
            new RegexPattern($@"\p{{{name}}}").FindMatches(text, matches);
            new RegexPattern($@"[^\P{{{name}}}]").FindMatches(text, matches);
            new RegexPattern($@"\P{{{name}}}").FindMatches(text, matches);
            Assert.Equal([new TextMatch(0, 2), new TextMatch(0, 2)], matches);
        }
    }
}
