using System.Net;
using System.Text.Json;
using Grid.Gateway.Tests.Fakes;
using Grid.Hosting.Http;

namespace Grid.Gateway.Tests.Hosting;

public sealed class EndpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Models_ListWhatIsWanted_AtZeroToo()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.SetTable(model: model => model with { ScaledToZero = true, Ranks = [], MaxModelLen = null });
        var list = await GetAsync(bed, "/v1/models");
        Assert.Equal(
            """{"object":"list","data":[{"id":"m","object":"model","created":7,"owned_by":"grid","root":"models/m","max_model_len":null},"""
            + """{"id":"alias","object":"model","created":7,"owned_by":"grid","root":"models/m","max_model_len":null}]}""",
            list.Text);
        Assert.Equal("""{"id":"alias","object":"model","created":7,"owned_by":"grid","root":"models/m","max_model_len":null}""",
            (await GetAsync(bed, "/v1/models/alias")).Text);
        Assert.Equal("model_not_found", GatewayTestBed.CodeOf((await GetAsync(bed, "/v1/models/nobody")).Text));
    }

    [Fact]
    public async Task Readyz_WithoutATable_SaysSo()
    {
        await using var bed = await GatewayTestBed.StartAsync(table: false);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no_table\n"), await GetAsync(bed, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync(bed, "/livez"));
        bed.SetTable();
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync(bed, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(bed, "/health")).Status);
    }

    [Fact]
    public async Task Readyz_Verbose_TellsEveryCheck()
    {
        await using var bed = await GatewayTestBed.StartAsync(
            options: options => options with { Checks = [() => new HealthCheck("model", false, "loading", "Loads.")] });
        var (status, text) = await GetAsync(bed, "/readyz?verbose");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        var checks = JsonDocument.Parse(text).RootElement.GetProperty("checks").EnumerateArray()
            .Select(check =>
            (check.GetProperty("name").GetString(), check.GetProperty("ok").GetBoolean(), check.GetProperty("reason").GetString()));
        Assert.Equal([("table", true, null), ("admission", true, null), ("model", false, "loading")], checks);
    }

    [Fact]
    public async Task Readyz_ACheckThatIsNotRequired_IsShownAndChangesNoStatus()
    {
        await using var bed = await GatewayTestBed.StartAsync(
            options: options =>
            options with { Checks = [() => new HealthCheck("engine", false, "engine_stuck", "Hangs.") { IsRequired = false }] });

        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync(bed, "/readyz"));
        var (status, text) = await GetAsync(bed, "/readyz?verbose");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("engine_stuck", text);
    }

    [Fact]
    public async Task Keys_GuardTheModels_ButNotTheProbes()
    {
        await using var bed = await GatewayTestBed.StartAsync(options: options => options with { ApiKeys = ["secret"] });
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(bed, "/v1/models")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(bed, "/readyz")).Status);
        Assert.Equal(401, (await bed.PostAsync("/v1/completions", new { model = "m" }, ("Authorization", "Bearer wrong"))).Status);
        Assert.Equal(200,
            (await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p" }, ("Authorization", "Bearer secret"))).Status);
    }

    [Fact]
    public async Task Version_IsThere()
    {
        await using var bed = await GatewayTestBed.StartAsync(0);
        Assert.StartsWith("{\"version\":\"", (await GetAsync(bed, "/version")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_TellOfDispatchesResumesAndPrefixes()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.Silos[0].Plan = _ => new FakePlan { HandOverAfter = 2, CachedTokens = 5 };
        await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p", stream = true });
        var (_, text) = await GetAsync(bed, "/metrics");
        foreach (var line in new[]
        {
            "grid:gateway_dispatches_total{rank=\"m/r0/dp0\",node=\"node-a\"}",
            "grid:gateway_resumes_total{model_name=\"m\",reason=\"handed_over\"}",
            "grid:gateway_resume_gap_seconds_count{model_name=\"m\"}",
            "grid:gateway_prefix_hits_total{model_name=\"m\"}",
            "grid:gateway_requests_total{model_name=\"m\",code=\"200\"}",
            "grid:gateway_table_version",
        })
            Assert.Contains(line, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_TellsWhatWasResumedAwayFromANode()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        bed.Silos[0].Plan = _ => new FakePlan { HandOverAfter = 2 };
        await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p", stream = true });
        await GatewayTestBed.UntilAsync(() => bed.Source.LastReport?.Resumed.GetValueOrDefault("node-a") == 1);
        Assert.Equal(("gate", $"http://{bed.Server.EndPoint}", 1L),
            (bed.Source.LastReport!.Name, bed.Source.LastReport.Url, bed.Source.LastReport.TableVersion));
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(GatewayTestBed bed, string path)
    {
        using var response = await bed.Http.GetAsync(path, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }
}
