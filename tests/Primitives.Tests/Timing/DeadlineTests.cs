using Grid.Primitives.Timing;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Primitives.Tests.Timing;

public sealed class DeadlineTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Remaining_TimePasses_CountsDownToZero()
    {
        var deadline = Deadline.After(_time, TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(3), deadline.Remaining);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(2), deadline.Remaining);
        Assert.False(deadline.HasPassed);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(deadline.HasPassed);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(TimeSpan.Zero, deadline.Remaining);
    }

    [Fact]
    public void HasPassed_LimitOfZero_IsTrueAtOnce() => Assert.True(Deadline.After(_time, TimeSpan.Zero).HasPassed);

    [Fact]
    public void After_InfiniteLimit_NeverPasses()
    {
        var deadline = Deadline.After(_time, Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromDays(1000));

        Assert.True(deadline.IsNever);
        Assert.False(deadline.HasPassed);
        Assert.Equal(Timeout.InfiniteTimeSpan, deadline.Remaining);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(9, 5)]
    public void OrAfter_AnotherLimit_TakesTheSooner(int limit, int expected)
    {
        var deadline = Deadline.After(_time, TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromSeconds(expected), deadline.OrAfter(_time, TimeSpan.FromSeconds(limit)).Remaining);
    }

    [Fact]
    public void OrAfter_Never_TakesTheLimit() =>
        Assert.Equal(TimeSpan.FromSeconds(2), Deadline.Never.OrAfter(_time, TimeSpan.FromSeconds(2)).Remaining);
}
