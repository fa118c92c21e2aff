using Grid.Abstractions.Configuration;
using Grid.Gateway.Tests.Fakes;

namespace Grid.Gateway.Tests.Forwarding;

/// <summary>A rank that is suspected: another one is asked beside it, and whichever brings something first answers.</summary>
public sealed class SecondAttemptTests
{
    private static readonly object Body = new { model = "m", prompt = "p", stream = true };

    private static readonly GatewaySpec Spec =
        new("least-load", Resume: new ResumeSpec(ResumeMode.Continue, 3, TimeSpan.FromSeconds(1)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task Later => Task.Delay(TimeSpan.FromSeconds(4), Cancellation);

    [Fact]
    public async Task Stream_HeartbeatsWithProgress_StaysWhereItIs()
    {
        await using var bed = await GatewayTestBed.StartAsync(2, Spec);
        long progress = 0;
        bed.Silos[0].Plan = _ => new FakePlan { PauseAfter = 2, Release = Later, Beat = () => ++progress };
        await CheckWholeAsync(bed);
        Assert.Empty(bed.Silos[1].Calls);
    }

    [Fact]
    public async Task Stream_HeartbeatsWithoutProgress_ContinuesAtAnotherRank()
    {
        await using var bed = await GatewayTestBed.StartAsync(2, Spec);
        bed.Silos[0].Plan = _ => new FakePlan { PauseAfter = 2, Release = Never, Beat = () => 7 };
        await CheckWholeAsync(bed);
        Assert.NotNull(Assert.Single(bed.Silos[1].Calls).Resume);
    }

    [Fact]
    public async Task Stream_SoleRankWithoutProgress_IsNeverAbandoned()
    {
        await using var bed = await GatewayTestBed.StartAsync(1, Spec);
        bed.Silos[0].Plan = _ => new FakePlan { PauseAfter = 2, Release = Later, Beat = () => 7 };
        await CheckWholeAsync(bed);
        Assert.Single(bed.Silos[0].Calls);
    }

    [Fact]
    public async Task Stream_SoleRankThatIsSilent_IsNeverAbandoned()
    {
        await using var bed = await GatewayTestBed.StartAsync(1, Spec);
        bed.Silos[0].Plan = _ => new FakePlan { PauseAfter = 2, Release = Later };
        await CheckWholeAsync(bed);
        Assert.Single(bed.Silos[0].Calls);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Stream_Silent_ContinuesAtAnotherRank(int events)
    {
        await using var bed = await GatewayTestBed.StartAsync(2, Spec with { Resume = ResumeSpec.Default });
        bed.Silos[0].Plan = _ => new FakePlan { PauseAfter = events, Release = Never };
        await CheckWholeAsync(bed);
        Assert.Equal(events > 0, Assert.Single(bed.Silos[1].Calls).Resume is not null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Stream_FalseAlarm_FirstRankAnswersAndTheSecondIsLetGo(int events)
    {
        await using var bed = await GatewayTestBed.StartAsync(2, Spec);
        bed.Silos[0].Plan = _ => new FakePlan { PauseAfter = events, Release = Later };
        bed.Silos[1].Plan = _ => new FakePlan { PauseAfter = 0, Release = Never, Beat = () => TimeProvider.System.GetTimestamp() };
        await CheckWholeAsync(bed);
        Assert.Single(bed.Silos[1].Calls);
        // It is well after all: the next request goes there, and to nobody else.
        bed.Silos[0].Plan = _ => FakePlan.Answer;
        await CheckWholeAsync(bed);
        Assert.Equal((2, 1), (bed.Silos[0].Calls.Count, bed.Silos[1].Calls.Count));
    }

    [Fact]
    public async Task Stream_SecondAttemptBreaks_FirstRankMayStillAnswer()
    {
        await using var bed = await GatewayTestBed.StartAsync(2, Spec);
        bed.Silos[0].Plan = _ => new FakePlan { PauseAfter = 2, Release = Later };
        bed.Silos[1].Plan = _ => new FakePlan { CutAfter = 0 };
        await CheckWholeAsync(bed);
    }

    [Fact]
    public async Task Stream_SilentRankLeavesTheTable_ContinuesWhereTheTableSays()
    {
        await using var bed = await GatewayTestBed.StartAsync(2, Spec);
        bed.SetTable(model: model => model with { Ranks = [model.Ranks[0]] });
        bed.Silos[0].Plan = _ => new FakePlan { PauseAfter = 2, Release = Never };
        var answer = bed.PostAsync("/v1/completions", Body);
        await GatewayTestBed.UntilAsync(() => !bed.Silos[0].Calls.IsEmpty);
        bed.SetTable(model: model => model with { Ranks = [model.Ranks[1]] });
        Assert.Equal((200, FakeModel.Client(bed.Silos[0].Calls.First())), await answer);
    }

    private static Task Never => Task.Delay(Timeout.Infinite, Cancellation);

    private static async Task CheckWholeAsync(GatewayTestBed bed)
    {
        var (status, text) = await bed.PostAsync("/v1/completions", Body);
        Assert.Equal((200, FakeModel.Client(bed.Silos[0].Calls.Last())), (status, text));
        await GatewayTestBed.UntilAsync(() => bed.Silos.TrueForAll(silo => silo.Running == 0));
    }
}
