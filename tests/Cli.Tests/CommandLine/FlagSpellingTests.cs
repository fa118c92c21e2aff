using Grid.Cli.CommandLine;

namespace Grid.Cli.Tests.CommandLine;

public sealed class FlagSpellingTests
{
    [Fact]
    public void Normalize_Underscores_BecomeDashesInNamesOnly() =>
        Assert.Equal(
            ["run", "my_model", "--max-tokens", "a_b", "--chat-template=a_b.jinja", "--", "--x_y"],
            FlagSpelling.Normalize(["run", "my_model", "--max_tokens", "a_b", "--chat_template=a_b.jinja", "--", "--x_y"]));

    [Theory]
    [InlineData("--flag", true)]
    [InlineData("-tp", true)]
    [InlineData("--flag=1", true)]
    [InlineData("-1", false)]
    [InlineData("-", false)]
    [InlineData("--", false)]
    [InlineData("-- a title", false)]
    [InlineData("--dear reader", false)]
    [InlineData("text", false)]
    public void LooksLikeFlag_Word_IsFlagOrText(string word, bool expected) => Assert.Equal(expected, FlagSpelling.LooksLikeFlag(word));
}
