using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Grid.Engine.Simulation;

namespace Grid.Silo.Tests.OpenAI;

public sealed class BadRequestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BadRequests_BesideAStream_AreAllRefusedByNameAndHarmNothing()
    {
        await using var bed =
            await SiloTestBed.StartAsync(simulation: SimOptions.Instant with { Step = TimeSpan.FromMilliseconds(1), MaxModelLen = 8192 });
        using var response = await bed.OpenAsync("v1/completions",
            new { model = "sim", prompt = "Hello", temperature = 0, max_tokens = 8000, stream = true, return_token_ids = true });
        var cases = BadRequests.All().ToList();
        Assert.True(cases.Count >= 200, $"{cases.Count} cases");

        var faults = new List<string>();
        foreach (var bad in cases)
            if (await FaultOfAsync(bed, bad) is { } fault) faults.Add(fault);

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Equal((1, 0), (bed.Status.Running, bed.Status.Waiting));
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        var ids = new List<int>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(Cancellation))
        {
            using var chunk = JsonDocument.Parse(item.Data);
            ids.AddRange(chunk.RootElement.GetProperty("choices")[0].GetProperty("token_ids").EnumerateArray().Select(id => id.GetInt32()));
            if (ids.Count >= 500) break;
        }

        Assert.Equal(SimulatedOracle.Greedy(SimulatedOracle.Prompt("Hello"), 500), ids.Take(500));
        response.Dispose();
        await bed.WaitForAsync(status => status is { Running: 0, Waiting: 0, UsedBlocks: 0 });
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task Body_OfAnotherMediaType_Is415(string? type)
    {
        await using var bed = await SiloTestBed.StartAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"model":"sim","prompt":"x"}"""));
        if (type is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var response = await bed.Http.PostAsync("v1/completions", content, Cancellation);
        Assert.Equal(415, (await SiloTestBed.ErrorOfAsync(response)).Status);
    }

    private static async Task<string?> FaultOfAsync(SiloTestBed bed, BadRequests.Case bad)
    {
        using var content = new ByteArrayContent(bad.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await bed.Http.PostAsync(bad.Path, content, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        var shown = Encoding.UTF8.GetString(bad.Body.AsSpan(0, Math.Min(160, bad.Body.Length)));
        if ((int)response.StatusCode != bad.Status)
            return $"{bad.Path} {shown}: {(int)response.StatusCode} instead of {bad.Status}: {text[..Math.Min(200, text.Length)]}";
        var error = JsonDocument.Parse(text).RootElement.GetProperty("error");
        var (message, param) = (error.GetProperty("message").GetString()!, error.GetProperty("param").GetString());
        return message.Contains(bad.Names, StringComparison.Ordinal) || (param ?? "").StartsWith(bad.Names, StringComparison.Ordinal)
            ? null
            : $"{bad.Path} {shown}: '{bad.Names}' is in neither message nor param: {text}";
    }
}
