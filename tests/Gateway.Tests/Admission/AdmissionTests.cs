using Grid.Abstractions.Configuration;
using Grid.Abstractions.Http;
using Grid.Gateway.Tests.Fakes;

namespace Grid.Gateway.Tests.Admission;

public sealed class AdmissionTests
{
    private static readonly object Body = new { model = "m", prompt = "p", stream = true };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_BeforeTheFirstTable_IsUnavailable()
    {
        await using var bed = await GatewayTestBed.StartAsync(table: false);
        var (status, text) = await bed.PostAsync("/v1/completions", Body);
        Assert.Equal((503, "no_ready_replica"), (status, GatewayTestBed.CodeOf(text)));
    }

    [Fact]
    public async Task Model_AtZero_IsWokenAndAnswers()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.SetTable(model: model => model with { ScaledToZero = true, Ranks = [] });
        var waiting = bed.PostAsync("/v1/completions", Body);
        await GatewayTestBed.UntilAsync(() => bed.Source.LastReport?.Queued.GetValueOrDefault("m") == 1);
        bed.SetTable();
        Assert.Equal(200, (await waiting).Status);
        await GatewayTestBed.UntilAsync(() => bed.Source.LastReport!.Queued.Count == 0);
    }

    [Theory]
    [InlineData(true, "activation_timeout")]
    [InlineData(false, "no_ready_replica")]
    public async Task Wait_ThatIsTooLong_EndsWithItsReason(bool isAsleep, string code)
    {
        await using var bed =
            await GatewayTestBed.StartAsync(spec: new GatewaySpec("least-load", new QueueSpec(10, TimeSpan.FromMilliseconds(50))));
        bed.SetTable(model: model => model with { ScaledToZero = isAsleep, ActivationTimeout = TimeSpan.FromMilliseconds(60), Ranks = [] });
        using var response = await bed.SendAsync("/v1/completions", Body);
        Assert.Equal((503, code),
            ((int)response.StatusCode, GatewayTestBed.CodeOf(await response.Content.ReadAsStringAsync(Cancellation))));
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Queue_ThatIsFull_RefusesAndKeepsItsOrder()
    {
        await using var bed = await GatewayTestBed.StartAsync(1, new GatewaySpec("least-load", new QueueSpec(2, TimeSpan.FromSeconds(30))));
        bed.SetTable(model: model => model with { Ranks = [] });
        var waiting = new List<Task<(int Status, string Text)>>();
        for (var i = 0; i < 2; i++)
        {
            waiting.Add(bed.PostAsync("/v1/completions", Body, (GridHeaders.RequestId, $"id-{i}")));
            await UntilWaitingAsync(bed, i + 1);
        }

        using var refused = await bed.SendAsync("/v1/completions", Body);
        Assert.Equal((429, "queue_full"),
            ((int)refused.StatusCode, GatewayTestBed.CodeOf(await refused.Content.ReadAsStringAsync(Cancellation))));
        Assert.NotNull(refused.Headers.RetryAfter);
        bed.SetTable();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(200, answer.Status));
    }

    [Fact]
    public async Task Rank_WithoutRoom_MakesRequestsWaitUntilOneEnds()
    {
        await using var bed = await GatewayTestBed.StartAsync(1);
        bed.SetTable(rank => rank with { MaxNumSeqs = 1 });
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Silos[0].Plan = _ => new FakePlan { Before = release.Task };
        var requests = Enumerable.Range(0, 5).Select(_ => bed.PostAsync("/v1/completions", Body)).ToList();
        await UntilWaitingAsync(bed, 3);
        await GatewayTestBed.UntilAsync(() => bed.Silos[0].Running == 2);
        release.SetResult();
        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal(200, answer.Status));
    }

    [Fact]
    public async Task Wait_OfAClientThatGoes_LeavesTheQueue()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.SetTable(model: model => model with { Ranks = [] });
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = bed.SendAsync("/v1/completions", Body, gone.Token);
        await UntilWaitingAsync(bed, 1);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await UntilWaitingAsync(bed, 0);
    }

    [Fact]
    public async Task Rank_ThatDoesNotAccept_GetsNoRequest()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.SetTable(rank => rank with { Accepting = rank.Node != "node-a" });
        Assert.Equal(200, (await bed.PostAsync("/v1/completions", Body)).Status);
        Assert.Empty(bed.Silos[0].Calls);
    }

    [Theory]
    [InlineData("1", "must be a rank of the model, 0 to 0; got '1'")]
    [InlineData("x", "must be a rank of the model, from 0; got 'x'")]
    public async Task DataParallelRank_ThatIsNone_IsRefused(string rank, string message)
    {
        await using var bed = await GatewayTestBed.StartAsync();
        var (status, text) = await bed.PostAsync("/v1/completions", Body, (GridHeaders.DataParallelRank, rank));
        Assert.Equal(400, status);
        Assert.Contains(message, System.Text.RegularExpressions.Regex.Unescape(text), StringComparison.Ordinal);
    }

    private static Task UntilWaitingAsync(GatewayTestBed bed, int count) =>
        GatewayTestBed.UntilAsync(() => (bed.Source.LastReport?.Queued.GetValueOrDefault("m") ?? -1) == count);
}
