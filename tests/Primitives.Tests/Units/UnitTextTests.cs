using Grid.Primitives.Units;

namespace Grid.Primitives.Tests.Units;

public sealed class UnitTextTests
{
    [Theory]
    [InlineData("250ms")]
    [InlineData("0.35ms")]
    [InlineData("90s")]
    [InlineData("5m")]
    [InlineData("1h")]
    [InlineData("0s")]
    public void Format_ParsedDuration_IsTheSameText(string text)
    {
        Assert.True(Duration.TryParse(text, out var value));
        Assert.Equal(text, Duration.Format(value));
    }

    [Theory]
    [InlineData("1B")]
    [InlineData("1536MiB")]
    [InlineData("2GiB")]
    [InlineData("0B")]
    public void ToText_ParsedSize_IsTheSameText(string text)
    {
        Assert.True(ByteSize.TryParse(text, out var bytes));
        Assert.Equal(text, ByteSize.ToText(bytes));
    }
}
