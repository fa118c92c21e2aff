using Grid.Primitives.Options;

namespace Grid.Primitives.Tests.Options;

public sealed class TokenLengthTests
{
    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("4k", 4096)]
    [InlineData("1.5k", 1536)]
    [InlineData("auto", -1)]
    [InlineData("-1", -1)]
    public void TryParse_Length_Tokens(string text, int expected)
    {
        Assert.True(TokenLength.TryParse(text, out var length));
        Assert.Equal(expected, length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("k")]
    [InlineData("4.5")]
    [InlineData("3000000k")]
    [InlineData("99999999999")]
    public void TryParse_OtherText_IsRefused(string text) => Assert.False(TokenLength.TryParse(text, out _));
}
