using Grid.Abstractions.Configuration;
using Grid.Abstractions.Http;
using Grid.Gateway.Tests.Fakes;

namespace Grid.Gateway.Tests.Forwarding;

/// <summary>Routes that are forwarded as they are retry and time out as generations do.</summary>
public sealed class SideRouteTests
{
    private static readonly object Body = new { model = "m", prompt = "p" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(503)]
    [InlineData(409)]
    [InlineData(429)]
    public async Task Request_ThatIsRefused_GoesElsewhere(int status)
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.Silos[0].Plan = _ => new FakePlan { Status = status, Header = ("X-Grid-Retry", "1") };
        using var response = await bed.SendAsync("/tokenize", Body, (GridHeaders.RequestId, "my-id"));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("""{"path":"/tokenize"}""", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(["my-id"], response.Headers.GetValues(GridHeaders.RequestId));
        Assert.False(response.Headers.Contains("X-Grid-Retry"));
        Assert.Equal("p", bed.Silos[0].Calls.Single().Body.GetProperty("prompt").GetString());
        Assert.Equal("p", bed.Silos[1].Calls.Single().Body.GetProperty("prompt").GetString());
    }

    [Fact]
    public async Task Request_WhoseRankIsGone_GoesElsewhere()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        await bed.Silos[0].DisposeAsync();
        Assert.Equal(200, (await bed.PostAsync("/detokenize", Body)).Status);
        Assert.Single(bed.Silos[1].Calls);
    }

    [Fact]
    public async Task Request_WhoseRankStalls_GoesElsewhere()
    {
        var resume = ResumeSpec.Default with { StallTimeout = TimeSpan.FromSeconds(1) };
        await using var bed = await GatewayTestBed.StartAsync(spec: new GatewaySpec("least-load", null, resume));
        bed.Silos[0].Plan = _ => new FakePlan { Before = Task.Delay(Timeout.Infinite, Cancellation) };
        Assert.Equal(200, (await bed.PostAsync("/v1/embeddings", Body)).Status);
        Assert.Single(bed.Silos[0].Calls);
        Assert.Single(bed.Silos[1].Calls);
    }

    [Fact]
    public async Task Request_ThatEveryRankRefuses_IsUnavailable()
    {
        var queue = new QueueSpec(10, TimeSpan.FromMilliseconds(300));
        await using var bed = await GatewayTestBed.StartAsync(spec: new GatewaySpec("least-load", queue));
        foreach (var silo in bed.Silos) silo.Plan = _ => new FakePlan { Status = 503 };
        var (status, text) = await bed.PostAsync("/tokenize", Body);
        Assert.Equal((503, "no_ready_replica"), (status, GatewayTestBed.CodeOf(text)));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(500)]
    public async Task Error_OfTheRequest_IsPassedOn(int status)
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.Silos[0].Plan = _ => new FakePlan { Status = status, Error = """{"error":{"message":"No.","code":"no"}}""" };
        var (given, text) = await bed.PostAsync("/tokenize", Body);
        Assert.Equal((status, "no"), (given, GatewayTestBed.CodeOf(text)));
        Assert.Empty(bed.Silos[1].Calls);
    }

    [Fact]
    public async Task Stop_AtItsDeadline_EndsSideRoutesToo()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.Silos[0].Plan = _ => new FakePlan { Before = Task.Delay(Timeout.Infinite, Cancellation) };
        var running = bed.PostAsync("/tokenize", Body);
        await GatewayTestBed.UntilAsync(() => !bed.Silos[0].Calls.IsEmpty);
        Assert.Equal(1, await bed.Server.StopAsync(TimeSpan.FromMilliseconds(100)));
        var (status, text) = await running;
        Assert.Equal((503, "draining"), (status, GatewayTestBed.CodeOf(text)));
    }
}
