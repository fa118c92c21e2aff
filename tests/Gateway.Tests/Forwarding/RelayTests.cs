using System.Net;
using System.Text;
using Grid.Abstractions.Http;
using Grid.Gateway.Tests.Fakes;

namespace Grid.Gateway.Tests.Forwarding;

public sealed class RelayTests
{
    private static readonly object Stream = new { model = "m", prompt = "p", stream = true };
    private static readonly object Whole = new { model = "m", prompt = "p" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answer_OfAStream_HasNoCommentsAndNamesItsRank()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.Silos[0].Plan = _ => new FakePlan { Pings = true };
        using var response = await bed.SendAsync("/v1/completions", Stream, (GridHeaders.RequestId, "my-id"));
        var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(FakeModel.Client(bed.Silos[0].Calls.Single()), text);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["node-a"], response.Headers.GetValues(GridHeaders.Node));
        Assert.Equal(["m/r0/dp0"], response.Headers.GetValues(GridHeaders.Rank));
        Assert.Equal(["my-id"], response.Headers.GetValues(GridHeaders.RequestId));
        Assert.Equal("my-id", bed.Silos[0].Calls.Single().RequestId);
    }

    [Fact]
    public async Task Answer_OfARequestThatDoesNotStream_IsJson()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        using var response = await bed.SendAsync("/v1/completions", Whole);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(FakeModel.Client(bed.Silos[0].Calls.Single()), await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData(503, true)]
    [InlineData(409, true)]
    [InlineData(429, true)]
    [InlineData(400, false)]
    [InlineData(500, false)]
    public async Task Refusal_BeforeTheFirstEvent_IsRetriedOnlyWhereNothingWasBegun(int status, bool isRetried)
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.Silos[0].Plan = _ => new FakePlan { Status = status, Error = """{"error":{"code":"mine"}}""" };
        var (got, text) = await bed.PostAsync("/v1/completions", Stream);
        Assert.Equal(isRetried ? 200 : status, got);
        if (!isRetried) Assert.Equal("mine", GatewayTestBed.CodeOf(text));
        Assert.Equal(isRetried ? 1 : 0, bed.Silos[1].Calls.Count);
    }

    [Fact]
    public async Task Connect_ThatFails_IsRetriedUnseen()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        await bed.Silos[0].DisposeAsync();
        foreach (var body in new[] { Stream, Whole })
        {
            bed.SetTable();
            Assert.Equal(200, (await bed.PostAsync("/v1/completions", body)).Status);
        }

        Assert.Equal(2, bed.Silos[1].Calls.Count);
    }

    [Fact]
    public async Task Rank_ThatBreaks_IsLeftAlone_AndAClientsMistakeIsNot()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.Silos[0].Plan = _ => new FakePlan { Status = 400 };
        for (var i = 0; i < 5; i++) await bed.PostAsync("/v1/completions", Stream);
        Assert.Equal(5, bed.Silos[0].Calls.Count);
        bed.Silos[0].Plan = _ => new FakePlan { CutAfter = 0 };
        for (var i = 0; i < 3; i++) await bed.PostAsync("/v1/completions", Stream);
        Assert.Equal(6, bed.Silos[0].Calls.Count);
        Assert.Equal(3, bed.Silos[1].Calls.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_ThatGoesAway_EndsTheUpstream(bool isStream)
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.Silos[0].Plan = _ => new FakePlan { StallAfter = 500 };
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var sent = bed.SendAsync("/v1/completions", isStream ? Stream : Whole, gone.Token);
        await GatewayTestBed.UntilAsync(() => !bed.Silos[0].Calls.IsEmpty);
        if (isStream)
        {
            using var response = await sent;
            await response.Content.ReadAsStreamAsync(Cancellation);
        }
        else
        {
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        }

        await bed.Silos[0].Calls.Single().Aborted.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await GatewayTestBed.UntilAsync(() => bed.Source.LastReport is { InFlight.Count: 0 });
        Assert.Empty(bed.Silos[1].Calls);
    }

    [Fact]
    public async Task Events_ComeOneByOne_WhileTheStreamRuns()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.Silos[0].Plan = _ => new FakePlan { StallAfter = 300 };
        using var response = await bed.SendAsync("/v1/completions", Stream);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[4096];
        Assert.True(await body.ReadAsync(buffer, Cancellation) > 0);
    }

    [Fact]
    public async Task Internal_Paths_CannotBeReached()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        foreach (var path in new[] { "/internal/v1/resume", "/admin/v1/nodes", "/v1/../internal/v1/resume", "/v1/%2e%2e/internal/v1/resume",
            "/INTERNAL/v1/resume" })
        {
            var (status, _) = await bed.PostAsync(path, Whole);
            Assert.Equal(404, status);
        }

        Assert.Empty(bed.Silos[0].Calls);
    }

    [Fact]
    public async Task Headers_OfTheGrid_AreNotTheClients()
    {
        await using var bed = await GatewayTestBed.StartAsync(options: options => options with { ApiKeys = ["secret"] });
        foreach (var path in new[] { "/v1/completions", "/tokenize" })
        {
            await bed.PostAsync(path, Whole, (GridHeaders.Attempt, "7"), (GridHeaders.Epoch, "99"), ("Authorization", "Bearer secret"));
            Assert.True(bed.Silos[0].Calls.TryDequeue(out var call));
            Assert.Equal((path == "/tokenize" ? -1 : 0, 1), (call.Attempt, call.Epoch));
            Assert.False(call.Headers.ContainsKey("Authorization"));
        }
    }

    [Fact]
    public async Task Tokenize_IsForwarded_AsItIs()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        using var response = await bed.SendAsync("/tokenize", Whole, (GridHeaders.RequestId, "my-id"));
        Assert.Equal("""{"path":"/tokenize"}""", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("m/r0/dp0", bed.Silos[0].Calls.Single().Rank);
    }

    [Theory]
    [InlineData("[1]", 400, "invalid_json")]
    [InlineData("{", 400, "invalid_json")]
    [InlineData("{} x", 400, "invalid_json")]
    [InlineData("""{"prompt":"p"}""", 400, null)]
    [InlineData("""{"model":3}""", 400, null)]
    [InlineData("""{"model":"nobody"}""", 404, "model_not_found")]
    public async Task Body_ThatIsNoRequest_IsRefused(string json, int status, string? code)
    {
        await using var bed = await GatewayTestBed.StartAsync();
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await bed.Http.PostAsync("/v1/completions", content, Cancellation);
        var error =
            System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("error");
        Assert.Equal((status, code), ((int)response.StatusCode, error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Body_BeyondItsLimit_IsTooLarge()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        Assert.Equal(413, (await bed.PostAsync("/v1/completions", new { model = "m", prompt = new string('x', 8 << 20) })).Status);
    }

    [Fact]
    public async Task Stop_LetsRequestsEnd_AndRefusesNewOnes()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Silos[0].Plan = _ => new FakePlan { Before = release.Task };
        var running = bed.PostAsync("/v1/completions", Stream);
        await GatewayTestBed.UntilAsync(() => !bed.Silos[0].Calls.IsEmpty);
        var stop = bed.Server.StopAsync(TimeSpan.FromSeconds(30));
        using var ready = await bed.Http.GetAsync("/readyz", Cancellation);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "draining\n"),
            (ready.StatusCode, await ready.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal(503, (await bed.PostAsync("/v1/completions", Stream)).Status);
        release.SetResult();
        Assert.EndsWith("data: [DONE]\n\n", (await running).Text, StringComparison.Ordinal);
        Assert.Equal(0, await stop);
    }

    [Fact]
    public async Task Stop_AtItsDeadline_CutsWithAnError()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.Silos[0].Plan = _ => new FakePlan { StallAfter = 400 };
        var running = bed.PostAsync("/v1/completions", Stream);
        await GatewayTestBed.UntilAsync(() => !bed.Silos[0].Calls.IsEmpty);
        Assert.Equal(1, await bed.Server.StopAsync(TimeSpan.FromMilliseconds(100)));
        Assert.Equal("draining", GatewayTestBed.CodeOf((await running).Text));
    }
}
