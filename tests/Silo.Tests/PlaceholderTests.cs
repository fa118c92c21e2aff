namespace Grid.Silo.Tests;

public sealed class PlaceholderTests
{
    [Fact]
    public void Native_Loads() => Assert.True(true);
}
