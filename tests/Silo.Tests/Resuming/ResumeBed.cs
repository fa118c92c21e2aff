using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grid.Abstractions.Http;

namespace Grid.Silo.Tests.Resuming;

/// <summary>Two servers of one model, and a gateway's part of the protocol between them.</summary>
internal sealed class ResumeBed(SiloTestBed first, SiloTestBed second) : IAsyncDisposable
{
    private const int MaxTries = 50;

    public SiloTestBed First { get; } = first;

    public SiloTestBed Second { get; } = second;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ResumeBed> StartAsync(Func<Task<SiloTestBed>> start) => new(await start(), await start());

    /// <summary>Sends a request as a gateway does.</summary>
    public static Task<HttpResponseMessage> SendAsync(SiloTestBed bed, string path, JsonElement body, int? attempt = 0)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add(GridHeaders.RequestId, GatewayState.RequestId);
        request.Headers.Add(GridHeaders.Seed, $"{GatewayState.Seed}");
        request.Headers.Add(GridHeaders.Created, $"{GatewayState.Created}");
        if (attempt is not null) request.Headers.Add(GridHeaders.Attempt, $"{attempt}");
        return bed.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    public static async Task<List<AttemptEvent>> EventsAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.True(response.StatusCode == HttpStatusCode.OK, text);
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
            return AttemptEvent.Parse(text);
        }
    }

    public static async Task<List<AttemptEvent>> ResumeAsync(SiloTestBed bed, ResumeRequest resume) =>
        await EventsAsync(await bed.Http.PostAsJsonAsync("internal/v1/resume", resume, Cancellation));

    /// <summary>
    /// Cuts the answer after each of its events, resumes it on the second server, cuts that in the middle, and resumes again on the first.
    /// </summary>
    public async Task CheckEveryCutAsync(string path, object body, int numChoices = 1)
    {
        var json = JsonSerializer.SerializeToElement(body);
        var stream = json.TryGetProperty("stream", out var value) && value.GetBoolean();
        var (events, whole) = await WholeAsync(path, json);
        Assert.Equal(Sorted(await PlainAsync(path, json, stream)), Sorted(Summary.Of(whole.Data, stream, withCachedTokens: false)));
        for (var index = 0; index < numChoices; index++) Assert.NotNull(whole.FinishOf(index));

        for (var cut = 0; cut < events.Count; cut++)
        {
            var resumed = new GatewayState(path, json).Take(events.Take(cut));
            var told = resumed.KnowsCachedTokens;
            var rest = await ResumeAsync(Second, resumed.ToResume(1, numChoices));
            Assert.All(rest, item => Assert.Equal(1, item.Progress?.Attempt ?? 1));
            Check(whole, resumed.Take(rest), stream, told, numChoices, $"cut after event {cut} of {events.Count}");

            if (cut % 3 != 1) continue;
            var twice = new GatewayState(path, json).Take(events.Take(cut)).Take(rest.Take(rest.Count / 2));
            told = twice.KnowsCachedTokens && told;
            twice.Take(await ResumeAsync(First, twice.ToResume(2, numChoices)));
            Check(whole, twice, stream, told, numChoices,
                $"cut after event {cut} of {events.Count}, and again after {rest.Count / 2} of {rest.Count}");
        }

        await CheckRestAsync();
    }

    /// <summary>Nothing is held by a request that is over.</summary>
    public async Task CheckRestAsync()
    {
        foreach (var bed in new[] { First, Second })
        {
            await bed.WaitForAsync(status => status is { Running: 0, Waiting: 0, UsedBlocks: 0, QueuedTokens: 0 });
            foreach (var rank in bed.Server.Ranks.Ranks) await rank.WhenIdle().WaitAsync(Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }

    private static void Check(GatewayState whole, GatewayState resumed, bool stream, bool withCachedTokens, int numChoices, string where)
    {
        for (var index = 0; index < numChoices; index++)
        {
            Assert.True(whole.TokensOf(index).SequenceEqual(resumed.TokensOf(index)), $"{where}: ids of choice {index} differ.");
            Assert.True(whole.FinishOf(index) == resumed.FinishOf(index),
                $"{where}: choice {index} ended with {resumed.FinishOf(index)} and not {whole.FinishOf(index)}.");
        }

        var (expected, actual) = (Summary.Of(whole.Data, stream, withCachedTokens), Summary.Of(resumed.Data, stream, withCachedTokens));
        Assert.True(Sorted(expected) == Sorted(actual), $"{where}:\n{expected}\n{actual}");
    }

    /// <summary>
    /// The unbroken answer. Ids that a busy machine sends late come in one event, and no cut falls between them: then it is asked for
    /// again.
    /// </summary>
    private async Task<(List<AttemptEvent> Events, GatewayState Whole)> WholeAsync(string path, JsonElement json)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var events = await EventsAsync(await SendAsync(First, path, json));
            var whole = new GatewayState(path, json).Take(events);
            if (events.Count > whole.TokensOf(0).Length / 2) return (events, whole);
        }

        throw new InvalidOperationException($"In {MaxTries} answers, too many ids came in one event: the cuts between them are not tried.");
    }

    // Choices come in any order.
    private static string Sorted(string json) => JsonSerializer.Serialize(Sorted(JsonDocument.Parse(json).RootElement));

    private static object? Sorted(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object =>
            new SortedDictionary<string, object?>(value.EnumerateObject().ToDictionary(field => field.Name, field => Sorted(field.Value)),
            StringComparer.Ordinal),
        JsonValueKind.Array => value.EnumerateArray().Select(Sorted).ToList(),
        _ => value,
    };

    private async Task<string> PlainAsync(string path, JsonElement body, bool stream)
    {
        using var response = await SendAsync(Second, path, body, attempt: null);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        Assert.DoesNotContain(": grid", text);
        return Summary.Of(stream ? [.. AttemptEvent.Parse(text).Select(item => item.Data!)] : [text], stream, withCachedTokens: false);
    }
}
