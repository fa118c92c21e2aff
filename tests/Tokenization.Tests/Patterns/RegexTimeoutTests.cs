using System.Text.RegularExpressions;
using Grid.Tokenization.Patterns;

namespace Grid.Tokenization.Tests.Patterns;

public sealed class RegexTimeoutTests
{
    [Fact]
    public void FindMatches_PatternThatBacktracksWithoutEnd_TimesOut() =>
        Assert.Throws<RegexMatchTimeoutException>(
            () => new RegexPattern("(?:a|aa)+(?:b|d)").FindMatches(new string('a', 200), []));
}
