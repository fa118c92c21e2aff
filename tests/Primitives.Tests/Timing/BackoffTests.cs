using Grid.Primitives.Timing;

namespace Grid.Primitives.Tests.Timing;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(1_000_000, 30)]
    public void After_Failures_DoublesUpToTheLongest(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new Backoff(First, Longest).After(failures));

    [Fact]
    public void After_Jitter_ShortensByUpToHalf()
    {
        var jitter = 0.0;
        // The callback reads the variable at each pause.
        var backoff = new Backoff(First, Longest, () => jitter);

        Assert.Equal(TimeSpan.FromSeconds(4), backoff.After(3));
        jitter = 0.5;
        Assert.Equal(TimeSpan.FromSeconds(3), backoff.After(3));
        Assert.Equal(TimeSpan.FromSeconds(22.5), backoff.After(100));
        Assert.Equal(TimeSpan.Zero, backoff.After(0));
    }
}
