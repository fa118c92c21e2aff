using Grid.Primitives.Units;

namespace Grid.Cli.Tests.Units;

public sealed class DurationTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("0", 0)]
    public void TryParse_Duration_Milliseconds(string text, double expected)
    {
        Assert.True(Duration.TryParse(text, out var value));
        Assert.Equal(expected, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("-5s")]
    [InlineData("s")]
    [InlineData("5d")]
    [InlineData("1..5s")]
    [InlineData("99999999999h")]
    public void TryParse_OtherText_IsRefused(string text) => Assert.False(Duration.TryParse(text, out _));
}
