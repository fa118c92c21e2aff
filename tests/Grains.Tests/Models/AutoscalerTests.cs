using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;
using Grid.Grains.Models;

namespace Grid.Grains.Tests.Models;

public sealed class AutoscalerTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly AutoscaleSpec Spec = new(
        0, 4, 1000, 0.8, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(2));

    private static readonly ModelLoad Calm = new(0, 1, 0, 100, 0.2, 0.1, Start, true);

    [Fact]
    public void Next_Step_AddsWhatIsNeededAfterTheWindow()
    {
        var load = Calm with { QueuedTokens = 2500 };
        Assert.Equal(1, Play(1, 14, _ => load, ready: 1).Desired);
        Assert.Equal(3, Play(1, 15, _ => load, ready: 1).Desired);
    }

    [Fact]
    public void Next_StepBeyondMax_StopsAtMax() =>
        Assert.Equal(4, Play(1, 40, _ => Calm with { QueuedTokens = 1_000_000 }, ready: 1).Desired);

    [Fact]
    public void Next_Spike_AddsNothing() =>
        Assert.Equal(1, Play(1, 60, second => second is > 10 and < 20 ? Calm with { QueuedTokens = 9000 } : Calm, ready: 1).Desired);

    [Fact]
    public void Next_Noise_KeepsTheNumber()
    {
        const int seed = 7;
        var random = new Random(seed);
        // Around what two replicas hold: now a little more, now a little less.
        Assert.Equal(2, Play(2, 1200, _ => Calm with { QueuedTokens = random.Next(1000, 2400) }, ready: 2).Desired);
    }

    [Fact]
    public void Next_LittleLoad_RemovesAfterTheWindowAndKeepsOne()
    {
        Assert.Equal(3, Play(3, 299, _ => Calm, ready: 3).Desired);
        Assert.Equal(1, Play(3, 300, _ => Calm, ready: 3).Desired);
        Assert.Equal(1, Play(3, 3000, _ => Calm, ready: 3).Desired);
    }

    [Fact]
    public void Next_LittleLoadWithAPeak_KeepsWhatThePeakNeeded() =>
        Assert.Equal(2, Play(4, 300, second => Calm with { QueuedTokens = second == 100 ? 1500 : 0 }, ready: 4).Desired);

    [Fact]
    public void Next_MissingMetrics_NeverRemoves()
    {
        Assert.Equal(3, Play(3, 3000, _ => new ModelLoad(0, 0, 0, 0, 0, 0, null, false), ready: 0).Desired);
        Assert.Equal(3, Play(3, 400, second => Calm with { Complete = second != 200 }, ready: 3).Desired);
    }

    [Fact]
    public void Next_MissingMetricsAndKnownNeed_StillAdds() =>
        Assert.Equal(4, Play(1, 15, _ => Calm with { QueuedTokens = 5000, Complete = false }, ready: 1).Desired);

    [Fact]
    public void Next_SlowFirstToken_AddsOne() => Assert.Equal(3, Play(2, 16, _ => Calm with { TtftSeconds = 0.9 }, ready: 2).Desired);

    [Fact]
    public void Next_FullCache_AddsInProportion() => Assert.Equal(3, Play(2, 15, _ => Calm with { KVUsage = 0.95 }, ready: 2).Desired);

    [Fact]
    public void Next_Idle_GoesToZeroAndWakesOnAQueuedRequest()
    {
        var idle = new ModelLoad(0, 0, 0, 0, 0, 0, null, true);
        Assert.Equal(1, Play(1, 599, _ => idle, ready: 1).Desired);
        var asleep = Play(1, 600, _ => idle, ready: 1);
        Assert.Equal(0, asleep.Desired);
        Assert.Equal(0, Autoscaler.Next(Spec, asleep, idle, 0, Start.AddHours(1)).Desired);
        Assert.Equal(1, Autoscaler.Next(Spec, asleep, idle with { Queued = 1, Complete = false }, 0, Start.AddHours(1)).Desired);
    }

    [Fact]
    public void Next_IdleWithMinOne_KeepsOne() =>
        Assert.Equal(1, Play(1, 3000, _ => new ModelLoad(0, 0, 0, 0, 0, 0, null, true), ready: 1, Spec with { Min = 1 }).Desired);

    private static AutoscaleWindows Play(int replicas, int seconds, Func<int, ModelLoad> load, int ready, AutoscaleSpec? spec = null)
    {
        var state = Autoscaler.Start(spec ?? Spec, replicas, Start);
        for (var second = 0; second <= seconds; second++)
            state = Autoscaler.Next(spec ?? Spec, state, load(second), ready, Start.AddSeconds(second));
        return state;
    }
}
