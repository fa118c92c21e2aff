using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grid.Abstractions;
using Grid.Cli.Tests.Processes;
using Grid.Client;
using Grid.Client.Requests;
using Grid.TestUtilities.Processes;

namespace Grid.Cli.Tests.Serve;

public sealed partial class ServeProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-serve-").FullName;
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Serve_LoadedModel_TellsWhereItAnswers()
    {
        await using var grid = Start("sim");
        var listening = ListeningLine().Match(await grid.WaitForErrorAsync(line => ListeningLine().IsMatch(line))).Groups["http"].Value;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync($"{listening}/readyz")).StatusCode);
        Assert.False(File.Exists(Path.Combine(_folder, "endpoints.json")));

        var (http, admin) = await WaitForReadyAsync(grid);

        Assert.Equal(listening, http);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"{http}/readyz")).StatusCode);
        using (var endpoints = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "endpoints.json"), Cancellation)))
        {
            Assert.Equal(["name", "pid", "roles", "http", "admin", "siloHttp", "join"],
                endpoints.RootElement.EnumerateObject().Select(member => member.Name));
            Assert.All(endpoints.RootElement.EnumerateObject(), member => Assert.NotEqual(JsonValueKind.Null, member.Value.ValueKind));
            Assert.Equal(grid.Id, endpoints.RootElement.GetProperty("pid").GetInt32());
            Assert.Equal(http, endpoints.RootElement.GetProperty("http").GetString());
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync($"{admin}/admin/v1/nodes")).StatusCode);
            await AssertNotSupportedAsync($"http://{endpoints.RootElement.GetProperty("join").GetString()}/");
        }

        Assert.Matches(@"GPU KV cache size: [\d,]+ tokens", grid.Error);
        Assert.Matches(@"Maximum concurrency for [\d,]+ tokens per request: [\d.]+x", grid.Error);
        Assert.Contains("Loading sim/r0", grid.Error);

        var second = await InProcess.RunAsync("serve", "sim", "--port-base", "0", "--data-dir", _folder);
        Assert.Equal("grid: deployed model=sim", second.Output.Trim());
        Assert.Equal(ExitCodes.Done, second.ExitCode);
    }

    [Fact]
    public async Task Serve_TerminateWithAStream_LetsItEnd()
    {
        await using var grid = Start("sim");
        var (http, _) = await WaitForReadyAsync(grid);
        var client = new GridClient(_http, new Uri(http));
        var request = Endless with { MaxTokens = 100 };
        var text = "";

        await foreach (var chunk in client.StreamAsync(request, Cancellation))
        {
            var isFirst = text.Length == 0;
            text += chunk.Text;
            if (!isFirst) continue;
            grid.Signal("TERM");
            await grid.WaitForErrorAsync(line => line.Contains("Stopping", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await RefusalAsync(client, request with { MaxTokens = 1 }));
        }

        Assert.Equal(100, text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(ExitCodes.Done, await grid.WaitForExitAsync());
        Assert.Single(grid.OutputLines);
        Assert.False(File.Exists(Path.Combine(_folder, "endpoints.json")));
    }

    [Fact]
    public async Task Serve_TerminateWithAnEndlessStream_CutsItAndFails()
    {
        await using var grid = Start("sim", "--shutdown-timeout", "100ms");
        var (http, _) = await WaitForReadyAsync(grid);
        await using var stream = new GridClient(_http, new Uri(http)).StreamAsync(Endless, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await stream.MoveNextAsync());

        grid.Signal("TERM");

        Assert.Equal(ExitCodes.Failed, await grid.WaitForExitAsync());
        Assert.Contains("1 running request was cut", grid.Error);
    }

    [Fact]
    public async Task Serve_SecondSignal_EndsAtOnce()
    {
        await using var grid = Start("sim");
        var (http, _) = await WaitForReadyAsync(grid);
        await using var stream = new GridClient(_http, new Uri(http)).StreamAsync(Endless, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await stream.MoveNextAsync());

        grid.Signal("INT");
        await grid.WaitForErrorAsync(line => line.Contains("Stopping", StringComparison.Ordinal));
        grid.Signal("INT");

        Assert.Equal(ExitCodes.Interrupted, await grid.WaitForExitAsync());
    }

    [Fact]
    public async Task Serve_NoModel_AnswersAQuestionAboutGrid()
    {
        await using var grid = Start("--cpu-threads", "1");
        var (http, _) = await WaitForReadyAsync(grid);

        var answer = await _http.PostAsJsonAsync(
            $"{http}/v1/chat/completions",
            new { model = "guide", messages = new[] { new { role = "user", content = "What is tensor parallelism?" } }, temperature = 0 },
            Cancellation);
        grid.Signal("INT");

        var text = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("choices")[0].GetProperty("message")
            .GetProperty("content").GetString();
        Assert.StartsWith("Tensor parallelism splits every layer's weight matrices", text);
        Assert.Equal("a", answer.Headers.GetValues("X-Grid-Node").Single());
        Assert.Equal(ExitCodes.Interrupted, await grid.WaitForExitAsync());
    }

    [Fact]
    public async Task Serve_TerminateWhileLoading_IsDone()
    {
        await using var grid = Start("sim", "--log-format", "json");
        await grid.WaitForErrorAsync(line => line.Contains("Loading", StringComparison.Ordinal));

        grid.Signal("TERM");

        Assert.Equal(ExitCodes.Done, await grid.WaitForExitAsync());
        Assert.Empty(grid.Output);
        Assert.All(grid.Error.Split('\n'),
            line => Assert.True(JsonNode.Parse(line)!["Timestamp"]!.GetValue<DateTimeOffset>() > DateTimeOffset.UnixEpoch));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CompletionRequest Endless => new() { Model = "sim", Prompt = Prompt.FromText("go"), MaxTokens = 8000, IgnoreEos = true };

    [GeneratedRegex(@"^grid: ready name=a roles=head,silo,gateway,store "
        + @"http=(?<http>http://127\.0\.0\.1:\d+) admin=(?<admin>http://127\.0\.0\.1:\d+)$")]
    private static partial Regex ReadyLine();

    [GeneratedRegex(@"Listening on (?<http>http://127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningLine();

    private static async Task<(string Http, string Admin)> WaitForReadyAsync(GridProcess grid)
    {
        var ready = ReadyLine().Match(await grid.WaitForOutputAsync(_ => true));
        Assert.True(ready.Success, grid.Output);
        return (ready.Groups["http"].Value, ready.Groups["admin"].Value);
    }

    // A node that says that it stops first asks whether another could take over, and may answer until it knows.
    private static async Task<HttpStatusCode?> RefusalAsync(GridClient client, GenerationRequest request)
    {
        while (true)
        {
            try
            {
                await client.PostAsync("v1/completions", request, Cancellation);
            }
            catch (GridClientException refusal)
            {
                return refusal.Status;
            }
        }
    }

    private GridProcess Start(params string[] arguments) =>
        GridProcess.Start(["serve", .. arguments, "--name", "a", "--port-base", "0", "--data-dir", _folder]);

    private Task<HttpResponseMessage> GetAsync(string address) => _http.GetAsync(new Uri(address), Cancellation);

    private async Task AssertNotSupportedAsync(string address)
    {
        var answer = await GetAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("not_supported",
            (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("error").GetProperty("code").GetString());
    }
}
