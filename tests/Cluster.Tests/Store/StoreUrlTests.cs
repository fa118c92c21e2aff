using Grid.Cluster.Store;

namespace Grid.Cluster.Tests.Store;

public sealed class StoreUrlTests
{
    [Theory]
    [InlineData("redis://10.0.0.1:6380/2", "10.0.0.1:6380", null, 2, "none")]
    [InlineData("redis://:se%2Fcret@redis.example:6379/0", "redis.example:6379", "se/cret", 0, "none")]
    [InlineData("rediss://:s@redis.example:6379/0", "redis.example:6379", "s", 0, "server")]
    [InlineData("redis://localhost", "localhost:6379", null, 0, "none")]
    public void TryParse_Rule_ReadsIt(string text, string address, string? password, int database, string tls)
    {
        Assert.True(StoreUrl.TryParse(text, out var store));
        Assert.Equal((address, password, database, tls), (store!.Address, store.Password, store.Database, store.Tls));
    }

    [Theory]
    [InlineData("localhost:6379")]
    [InlineData("http://localhost:6379/0")]
    [InlineData("redis://localhost:6379/first")]
    [InlineData("redis://localhost:6379/-1")]
    [InlineData("redis://user@localhost:6379/0")]
    [InlineData("redis://localhost:6379/0?ssl=true")]
    [InlineData("")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(StoreUrl.TryParse(text, out _));
}
