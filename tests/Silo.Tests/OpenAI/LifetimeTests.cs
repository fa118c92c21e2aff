using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Grid.Engine.Simulation;

namespace Grid.Silo.Tests.OpenAI;

/// <summary>Requests whose client goes away, whose server ends, or for which there is no room.</summary>
public sealed class LifetimeTests
{
    private static readonly SimOptions Slow = SimOptions.Instant with { Step = TimeSpan.FromMilliseconds(2) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_GoesAway_FreesItsBlocks(bool stream)
    {
        await using var bed = await SiloTestBed.StartAsync(simulation: Slow);
        var blocks = bed.Status.FreeBlocks;
        var clients = new List<TcpClient>();
        for (var i = 0; i < 4; i++) clients.Add(await AskAsync(bed, stream, n: 3));
        await bed.WaitForAsync(status => status.Running == 12);

        foreach (var client in clients) client.Dispose();

        await bed.WaitForAsync(status => status is { Running: 0, Waiting: 0, UsedBlocks: 0 });
        Assert.Equal(blocks, bed.Status.FreeBlocks + bed.Status.CachedBlocks);
    }

    [Fact]
    public async Task Queue_Full_Is429AndLosesNothing()
    {
        await using var bed =
            await SiloTestBed.StartAsync(simulation: Slow, engine: options => options with { MaxNumSeqs = 1, MaxNumQueuedReqs = 2 });
        var running = bed.PostAsync("v1/completions", new { model = "sim", prompt = "a", max_tokens = 400 });
        await bed.WaitForAsync(status => status.Running == 1);
        var waiting = Enumerable.Range(0, 2)
            .Select(_ => bed.PostAsync("v1/completions", new { model = "sim", prompt = "b", max_tokens = 2 })).ToList();
        await bed.WaitForAsync(status => status.Waiting == 2);

        using var refused = await bed.Http.PostAsJsonAsync("v1/completions", new { model = "sim", prompt = "c" }, Cancellation);
        var (status, error) = await SiloTestBed.ErrorOfAsync(refused);
        Assert.Equal((429, "queue_full", "rate_limit_error"),
            (status, error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
        Assert.NotNull(refused.Headers.RetryAfter);
        await Task.WhenAll([running, .. waiting]);
    }

    [Fact]
    public async Task Stop_WithTime_LetsAStreamEndAndRefusesNewWork()
    {
        await using var bed = await SiloTestBed.StartAsync(simulation: Slow);
        var stream =
            bed.ChunksAsync("v1/completions", new { model = "sim", prompt = "Hello", temperature = 0, max_tokens = 200, stream = true });
        await bed.WaitForAsync(status => status.Running == 1);

        // Opened before the end, as a client's kept connection is.
        using var kept = new TcpClient();
        await kept.ConnectAsync(bed.Server.EndPoint, Cancellation);
        var stopping = bed.Server.StopAsync(TimeSpan.FromSeconds(30));
        var refusal = await SendRawAsync(kept, """{"model":"sim","prompt":"x"}""");

        Assert.StartsWith("HTTP/1.1 503", refusal);
        Assert.Contains("X-Grid-Retry: 1", refusal);
        Assert.Contains("Connection: close", refusal);
        Assert.Contains("\"code\":\"draining\"", refusal);
        Assert.Equal(0, await stopping);
        var text = string.Concat((await stream).Select(chunk => chunk.GetProperty("choices")[0].GetProperty("text").GetString()));
        Assert.Equal(SimulatedOracle.Text(SimulatedOracle.Greedy(SimulatedOracle.Prompt("Hello"), 200)), text);
    }

    [Fact]
    public async Task Stop_WithoutTime_CutsWithAnError()
    {
        await using var bed = await SiloTestBed.StartAsync(simulation: Slow);
        var stream = bed.StreamAsync("v1/completions", new { model = "sim", prompt = "Hello", max_tokens = 8000, stream = true });
        var whole = bed.Http.PostAsJsonAsync("v1/completions", new { model = "sim", prompt = "Hello", max_tokens = 8000 }, Cancellation);
        await bed.WaitForAsync(status => status.Running == 2);

        Assert.Equal(2, await bed.Server.StopAsync(TimeSpan.FromMilliseconds(1)));

        var events = await stream;
        Assert.Contains("\"code\":\"draining\"", events[^1]);
        Assert.DoesNotContain("[DONE]", events);
        using var answer = await whole;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("1", answer.Headers.GetValues("X-Grid-Retry").Single());
        await bed.WaitForAsync(status => status is { Running: 0, UsedBlocks: 0 });
    }

    private static async Task<TcpClient> AskAsync(SiloTestBed bed, bool stream, int n)
    {
        var client = new TcpClient();
        await client.ConnectAsync(bed.Server.EndPoint, Cancellation);
        await WriteAsync(client,
            $$"""{"model":"sim","prompt":"a prompt of more than one block","max_tokens":8000"""
            + $$""","n":{{n}},"stream":{{(stream ? "true" : "false")}}}""");
        return client;
    }

    private static async Task<string> SendRawAsync(TcpClient client, string body)
    {
        await WriteAsync(client, body);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(Cancellation);
    }

    private static async Task WriteAsync(TcpClient client, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var head = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {bytes.Length}\r\n\r\n";
        await client.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. bytes], Cancellation);
    }
}
