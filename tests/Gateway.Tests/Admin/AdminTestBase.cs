using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Grid.Gateway.Admin;
using Grid.Gateway.Telemetry;
using Grid.Hosting.Http;

namespace Grid.Gateway.Tests.Admin;

/// <summary>An admin server before a fake grid.</summary>
public abstract class AdminTestBase : IAsyncLifetime
{
    protected const string Key = "0123456789abcdef";
    protected const string Config = "apiVersion: grid/v1\nkind: Grid\nmodels: [{name: m, source: sim, replicas: 2}]\n";

    private AdminServer _server = null!;
    private int _shutdowns;

    private protected FakeGrid FakeGrid { get; } = new();

    protected HttpClient Http { get; } = new();

    protected IPEndPoint EndPoint => _server.EndPoint;

    protected RecentLog Log { get; } = new(TimeProvider.System, 3);

    /// <summary>Whether the cluster cannot be reached.</summary>
    protected bool IsAway { get; set; }

    protected bool IsReady { get; set; } = true;

    protected int Shutdowns => Volatile.Read(ref _shutdowns);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new AdminOptions
        {
            Key = Key + "\n",
            Grid = () => IsAway ? null : FakeGrid,
            Node = name => IsAway ? null : FakeGrid.Hosts[name],
            Tokens = (ttl, uses) => $"token-{ttl?.TotalSeconds}-{uses}",
            Shutdown = () => Interlocked.Increment(ref _shutdowns),
            Log = Log,
            Checks = () => [HealthCheck.Of("membership", IsReady, "not_a_member", "It is none.")],
            Failure = () => IsReady ? null : "all engines have stopped",
        };
        _server = await AdminServer.StartAsync(options, IPAddress.Loopback, 0, _ => { });
        Http.BaseAddress = new Uri($"http://{_server.EndPoint}/admin/v1/");
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static async Task<JsonObject> JsonOf(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject();

    protected async Task<JsonObject> GetAsync(string path) => await SendAsync(HttpMethod.Get, path, null, HttpStatusCode.OK);

    protected async Task<JsonObject> SendAsync(HttpMethod method, string path, string? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method,
            path)
        { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await Http.SendAsync(request, Cancellation);
        Assert.Equal(expected, response.StatusCode);
        return await JsonOf(response);
    }

    protected async Task<HttpResponseMessage> PutConfigAsync(string text, string? match = null)
    {
        var request =
            new HttpRequestMessage(HttpMethod.Put, "config") { Content = new StringContent(text, Encoding.UTF8, "application/yaml") };
        if (match is not null) request.Headers.TryAddWithoutValidation("If-Match", match);
        return await Http.SendAsync(request, Cancellation);
    }

    protected async Task<JsonObject[]> LinesAsync(string path) =>
        [.. (await Http.GetStringAsync(path, Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonNode.Parse(line)!.AsObject())];
}
