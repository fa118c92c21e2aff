using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Routing;
using Grid.Gateway.Forwarding;
using Grid.Gateway.Hosting;
using Grid.TestUtilities.Waiting;

namespace Grid.Gateway.Tests.Fakes;

/// <summary>A real gateway on a free port before fake silos a, b, ..., of which the first has the least to do.</summary>
internal sealed class GatewayTestBed : IAsyncDisposable
{
    public const string Model = "m";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpMessageInvoker _upstream = UpstreamHttp.Create();
    private long _version;

    private GatewayTestBed(GatewaySpec spec) => Spec = spec;

    public GatewaySpec Spec { get; set; }

    public List<FakeSilo> Silos { get; } = [];

    public InMemoryRoutingTableSource Source { get; } = new();

    public GatewayServer Server { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<GatewayTestBed> StartAsync(int silos = 2, GatewaySpec? spec = null,
        Func<GatewayOptions, GatewayOptions>? options = null, bool table = true)
    {
        var bed = new GatewayTestBed(spec ?? new GatewaySpec("least-load"));
        for (var i = 0; i < silos; i++) bed.Silos.Add(await FakeSilo.StartAsync());
        var gateway = new GatewayOptions { Name = "gate", Port = 0 };
        bed.Server = await GatewayServer.StartAsync(options?.Invoke(gateway) ?? gateway, bed.Source, bed._upstream);
        bed.Http = new HttpClient { BaseAddress = new Uri($"http://{bed.Server.EndPoint}/"), Timeout = Patience };
        if (table) bed.SetTable();
        return bed;
    }

    /// <summary>A new table of new epochs: nothing that was met at a rank is remembered.</summary>
    public void SetTable(Func<RankRoute, RankRoute>? rank = null, Func<ModelRoute, ModelRoute>? model = null)
    {
        var version = ++_version;
        RankRoute[] ranks =
            [.. Silos.Select((silo, index) => Rank(index, silo.Url, version)).Select(route => rank?.Invoke(route) ?? route)];
        var route = new ModelRoute(Model, ["alias"], "models/m", 7, 4096, false, TimeSpan.FromSeconds(30), ranks);
        Source.Set(new RoutingTable("grid", version, Spec, [model?.Invoke(route) ?? route], DateTimeOffset.UnixEpoch.AddSeconds(version)));
    }

    public static RankRoute Rank(int index, string url, long epoch) => new(
        new ReplicaId(Model, index).Rank(0), epoch, $"node-{(char)('a' + index)}", url, true, "numerics", "revision", index * 4, 0, 0, 0,
        65536, 32,
        4096);

    public Task<HttpResponseMessage> SendAsync(string path, object body, params (string Name, string Value)[] headers) =>
        SendAsync(path, body, Cancellation, headers);

    public async Task<HttpResponseMessage> SendAsync(string path, object body, CancellationToken cancellation,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>Status and whole body of an answer.</summary>
    public async Task<(int Status, string Text)> PostAsync(string path, object body, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(path, body, headers);
        return ((int)response.StatusCode, Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(Cancellation)));
    }

    public static string CodeOf(string text)
    {
        var json = text.StartsWith('{')
            ? text
            : text.Split('\n').Last(line => line.StartsWith("data: {\"error\"", StringComparison.Ordinal))["data: ".Length..];
        return JsonDocument.Parse(json).RootElement.GetProperty("error").GetProperty("code").GetString()!;
    }

    public static Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Eventually.HoldsAsync(condition, what, Patience, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        foreach (var silo in Silos) await silo.DisposeAsync();
        _upstream.Dispose();
    }
}
