using System.Net;
using System.Net.Sockets;
using System.Text;
using Grid.Abstractions.Http;
using Grid.Gateway.Tests.Fakes;

namespace Grid.Gateway.Tests.Hosting;

/// <summary>What browsers, probes and careless clients send.</summary>
public sealed class EdgeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("*", "https://app.example", "*")]
    [InlineData("https://app.example", "https://app.example", "https://app.example")]
    [InlineData("https://app.example", "https://evil.example", null)]
    public async Task Preflight_NeedsNoKey_AndFollowsTheAllowedOrigins(string allowed, string origin, string? expected)
    {
        await using var bed =
            await GatewayTestBed.StartAsync(options: options => options with { AllowedOrigins = [allowed], ApiKeys = ["secret"] });
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/v1/chat/completions");
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using var answer = await bed.Http.SendAsync(preflight, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(expected, Single(answer, "Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        using var get = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        get.Headers.Add("Origin", origin);
        using var refused = await bed.Http.SendAsync(get, Cancellation);
        // An error that a page may not read would tell its author nothing.
        Assert.Equal((HttpStatusCode.Unauthorized, expected), (refused.StatusCode, Single(refused, "Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/metrics", HttpStatusCode.OK)]
    [InlineData("/v1/models", HttpStatusCode.OK)]
    [InlineData("/v1/completions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/nothing", HttpStatusCode.NotFound)]
    public async Task Head_IsAnsweredWhereGetIs_WithoutABody(string path, HttpStatusCode status)
    {
        await using var bed = await GatewayTestBed.StartAsync();
        using var answer = await bed.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Cancellation);
        Assert.Equal(status, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData("/v1/completions/")]
    [InlineData("/v1//completions")]
    [InlineData("//v1/completions//")]
    public async Task Path_WithSlashesToSpare_IsThatRoute(string path)
    {
        await using var bed = await GatewayTestBed.StartAsync();
        var url = bed.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path;
        Assert.Equal(200, (await bed.PostAsync(url, new { model = "m", prompt = "p" })).Status);
        Assert.Equal("/v1/completions", bed.Silos[0].Calls.Single().Path);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd, gzip")]
    public async Task Body_ThatIsEncoded_IsRefusedByName(string encoding)
    {
        await using var bed = await GatewayTestBed.StartAsync();
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        content.Headers.Add("Content-Encoding", encoding);
        using var answer = await bed.Http.PostAsync("/v1/completions", content, Cancellation);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains($"Content-Encoding must be identity: bodies are sent uncompressed; got '{encoding}'.",
            await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:8000", 200)]
    [InlineData("[::1]:8000", 200)]
    [InlineData("proxy.example", 200)]
    [InlineData("evil.example:8000", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    public async Task Host_OnLoopback_MustBeThisMachineOrAllowed(string host, int status)
    {
        await using var bed = await GatewayTestBed.StartAsync(options: options => options with { AllowedHosts = ["proxy.example"] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Host = host;
        using var answer = await bed.Http.SendAsync(request, Cancellation);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"model":"\ud83d","prompt":"a"}""")]
    [InlineData("""{"model":"m","cache_salt":"\udc00","prompt":"a"}""")]
    [InlineData("""{"model":"m","\ud800":1,"prompt":"a"}""")]
    public async Task Body_WithHalfASurrogatePair_IsTheClientsMistake(string body)
    {
        await using var bed = await GatewayTestBed.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await bed.Http.PostAsync("/v1/completions", content, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(bed.Silos[0].Calls);
    }

    [Fact]
    public async Task Metrics_OfModelsThatAreNotThere_AreOneSeries()
    {
        await using var bed = await GatewayTestBed.StartAsync();
        for (var i = 0; i < 20; i++) await bed.PostAsync("/v1/completions", new { model = $"nobody-{i}", prompt = "p" });
        await bed.PostAsync("/v1/completions", new { model = "alias", prompt = "p" });
        var lines = (await bed.Http.GetStringAsync("/metrics", Cancellation)).Split('\n')
            .Where(line => line.StartsWith("grid:gateway_requests_total{", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        // Gateways of other tests in this process are in the same meter.
        Assert.DoesNotContain(lines, line => line.Contains("nobody", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("alias", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith(
            "grid:gateway_requests_total{model_name=\"unknown\",code=\"404\"}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Header_ThatCannotBeSent_HarmsNoRank()
    {
        await using var bed = await GatewayTestBed.StartAsync(1);
        for (var i = 0; i < 5; i++)
        {
            var text = await RawAsync(bed, "POST /tokenize HTTP/1.1\r\nHost: localhost\r\nX-Foo: \u00e9\r\nCookie: a=b\r\nContent-Type: "
                + "application/json\r\nContent-Length: 26\r\nConnection: close\r\n\r\n{\"model\":\"m\",\"prompt\":\"a\"}");
            Assert.StartsWith("HTTP/1.1 200", text, StringComparison.Ordinal);
        }

        Assert.All(bed.Silos[0].Calls, call => Assert.DoesNotContain("Cookie", call.Headers.Keys));
        Assert.Equal(5, bed.Silos[0].Calls.Count);
    }

    [Fact]
    public async Task Client_ThatReadsNothing_IsDisconnected()
    {
        await using var bed = await GatewayTestBed.StartAsync(
            1, options: options => options with { SlowClientTimeout = TimeSpan.FromMilliseconds(300) });
        bed.Silos[0].Plan = _ => new FakePlan { Floods = true };
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(bed.Server.EndPoint, Cancellation);
        const string Body = """{"model":"m","prompt":"p","stream":true}""";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Body.Length}\r\n\r\n{Body}"), Cancellation);
        await GatewayTestBed.UntilAsync(() => !bed.Silos[0].Calls.IsEmpty);
        await GatewayTestBed.UntilAsync(() => bed.Silos[0].Running == 0);
        // Nothing is known of the rank: the next request goes there at once.
        bed.Silos[0].Plan = _ => FakePlan.Answer;
        Assert.Equal(200, (await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p" })).Status);
        Assert.Contains("code=\"499\"", await bed.Http.GetStringAsync("/metrics", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rank_ThatIsFullForOneRequest_TakesOthers()
    {
        await using var bed = await GatewayTestBed.StartAsync(1);
        bed.Silos[0].Plan = call =>
            call.Body.GetProperty("prompt").GetString() == "large" ? new FakePlan { Status = 429 } : FakePlan.Answer;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var large = bed.SendAsync("/v1/completions", new { model = "m", prompt = "large" }, cancel.Token);
        await GatewayTestBed.UntilAsync(() => bed.Silos[0].Calls.Count >= 3);
        Assert.Equal(200, (await bed.PostAsync("/v1/completions", new { model = "m", prompt = "small" })).Status);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
    }

    [Fact]
    public async Task CacheSalt_OfSeveralKeys_IsTheKeysOwn()
    {
        await using var bed = await GatewayTestBed.StartAsync(1, options: options => options with { ApiKeys = ["alice", "bob"] });
        foreach (var key in new[] { "alice", "bob", "alice" })
            await bed.PostAsync("/v1/completions", new { model = "m", prompt = "p" }, ("Authorization", $"Bearer {key}"));
        string[] salts = [.. bed.Silos[0].Calls.Select(call => call.Headers[GridHeaders.CacheSalt])];
        Assert.Equal((salts[0], false), (salts[2], salts[0] == salts[1]));
        Assert.DoesNotContain("alice", salts[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task CacheSalt_OfOneKeyOrShared_IsNone()
    {
        await using var one = await GatewayTestBed.StartAsync(1, options: options => options with { ApiKeys = ["alice"] });
        await one.PostAsync("/v1/completions", new { model = "m", prompt = "p" }, ("Authorization", "Bearer alice"));
        Assert.DoesNotContain(GridHeaders.CacheSalt, one.Silos[0].Calls.Single().Headers.Keys);
        await using var shared =
            await GatewayTestBed.StartAsync(1, options: options => options with { ApiKeys = ["alice", "bob"], SharePrefixCache = true });
        await shared.PostAsync("/v1/completions", new { model = "m", prompt = "p" }, ("Authorization", "Bearer bob"));
        Assert.DoesNotContain(GridHeaders.CacheSalt, shared.Silos[0].Calls.Single().Headers.Keys);
    }

    private static string? Single(HttpResponseMessage answer, string header) =>
        answer.Headers.TryGetValues(header, out var values) ? values.Single() : null;

    private static async Task<string> RawAsync(GatewayTestBed bed, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(bed.Server.EndPoint, Cancellation);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request), Cancellation);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(Cancellation);
    }
}
