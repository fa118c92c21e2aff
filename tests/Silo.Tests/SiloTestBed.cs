using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Grid.Engine.Serving;
using Grid.Engine.Simulation;
using Grid.Primitives.Options;
using Grid.Silo.Access;
using Grid.Silo.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Silo.Tests;

/// <summary>A real server on a free port with a real engine behind it, simulated unless a model is named, and a client.</summary>
internal sealed class SiloTestBed : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private SiloTestBed(SiloServer server, ServedModel model)
    {
        (Server, Model) = (server, model);
        Http = new HttpClient { BaseAddress = new Uri($"http://{server.EndPoint}/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    public SiloServer Server { get; }

    public ServedModel Model { get; }

    public HttpClient Http { get; }

    public static async Task<SiloTestBed> StartAsync(
        string model = "sim",
        string name = "sim",
        SimOptions? simulation = null,
        Func<EngineOptions, EngineOptions>? engine = null,
        Func<SiloOptions, SiloOptions>? silo = null,
        Action<ILoggingBuilder>? logging = null,
        TimeProvider? timeProvider = null)
    {
        var options = new EngineOptions { Model = model, CpuThreads = 1, KVCacheMemoryBytes = model == "sim" ? null : 64 << 20 };
        var siloOptions = new SiloOptions { Name = "node a", ModelNames = [name], Port = 0 };
        var served = await ModelLoader.LoadAsync(engine?.Invoke(options) ?? options, name, simulation: simulation ?? SimOptions.Instant);
        var server = await SiloServer.StartAsync(silo?.Invoke(siloOptions) ?? siloOptions, logging, timeProvider);
        server.Serve(served);
        return new SiloTestBed(server, served);
    }

    public EngineStatus Status => Model.Engine.GetStatus();

    /// <summary>Posts a JSON body and expects 200.</summary>
    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await Http.PostAsJsonAsync(path, body, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Posts a text as JSON and returns the status and the error object.</summary>
    public async Task<(int Status, JsonElement Error)> FailAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(path, content, Cancellation);
        return await ErrorOfAsync(response);
    }

    public static async Task<(int Status, JsonElement Error)> ErrorOfAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        var root = JsonDocument.Parse(text).RootElement;
        Assert.True(root.TryGetProperty("error", out var error), text);
        return ((int)response.StatusCode, error);
    }

    /// <summary>The data of a stream's events, <c>[DONE]</c> included.</summary>
    public async Task<List<string>> StreamAsync(string path, object body)
    {
        using var response = await OpenAsync(path, body);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        var events = new List<string>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(Cancellation)) events.Add(item.Data);
        return events;
    }

    /// <summary>The chunks of a stream that must end with <c>[DONE]</c>.</summary>
    public async Task<List<JsonElement>> ChunksAsync(string path, object body)
    {
        var events = await StreamAsync(path, body);
        Assert.Equal("[DONE]", events[^1]);
        return [.. events.SkipLast(1).Select(data => JsonDocument.Parse(data).RootElement)];
    }

    /// <summary>Begins a request and returns when its head is there.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response;
    }

    /// <summary>Waits until the engine's load is as wanted.</summary>
    public async Task WaitForAsync(Func<EngineStatus, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!wanted(Status))
        {
            Assert.False(patience.IsCancellationRequested, $"The engine stays at {Status}.");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        await Model.DisposeAsync();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
