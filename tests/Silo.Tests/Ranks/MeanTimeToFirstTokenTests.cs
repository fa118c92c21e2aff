using Grid.Engine.Serving;
using Grid.Silo.Ranks;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Silo.Tests.Ranks;

public sealed class MeanTimeToFirstTokenTests
{
    [Fact]
    public void Read_PeriodByPeriod_IsTheMeanOfTheLatest()
    {
        var time = new FakeTimeProvider();
        var mean = new MeanTimeToFirstToken(time);
        var status = new EngineStatus(0, 0, 8, 0, 0, 5, 0, false, null);

        Assert.Equal(0, mean.Read(status with { FirstTokens = 2, SecondsToFirstTokens = 3 }));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1.5, mean.Read(status with { FirstTokens = 2, SecondsToFirstTokens = 3 }));
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(1.5, mean.Read(status with { FirstTokens = 4, SecondsToFirstTokens = 4 }));
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(0.5, mean.Read(status with { FirstTokens = 4, SecondsToFirstTokens = 4 }));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, mean.Read(status with { FirstTokens = 4, SecondsToFirstTokens = 4 }));
    }
}
