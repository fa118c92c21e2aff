using Grid.Primitives.Units;

namespace Grid.Cli.Tests.Units;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("512", 512)]
    [InlineData("512B", 512)]
    [InlineData("1.5KiB", 1536)]
    [InlineData("4 GiB", 4L << 30)]
    [InlineData("2TiB", 2L << 40)]
    public void TryParse_Size_Bytes(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GiB")]
    [InlineData("4GB")]
    [InlineData("-1B")]
    [InlineData("0.5B")]
    [InlineData("99999999999TiB")]
    public void TryParse_OtherText_IsRefused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(10_485_760, "10 MiB")]
    public void Format_Bytes_LargestUnit(long bytes, string expected) => Assert.Equal(expected, ByteSize.Format(bytes));
}
