using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Http;
using Grid.Abstractions.Nodes;

namespace Grid.Client.Admin;

/// <summary>
/// A typed client of the admin API. Safe to call from any thread. Every call throws <see cref="AdminClientException"/> where it is refused
/// and <see cref="HttpRequestException"/> if the endpoint does not answer.
/// </summary>
/// <param name="http">The HTTP client; its time limit must suit followed events.</param>
/// <param name="address">The admin endpoint, such as <c>http://127.0.0.1:8001</c>.</param>
/// <param name="key">The content of admin.key.</param>
/// <param name="actor">The name of the caller, for events; null for admin.</param>
public sealed class GridAdminClient(HttpClient http, Uri address, string key, string? actor = null)
{
    private readonly Uri _root = new(address.AbsoluteUri.TrimEnd('/') + "/admin/v1/");

    /// <summary>All nodes, by name.</summary>
    public Task<AdminAnswer<NodeView[]>> NodesAsync(CancellationToken cancellation = default) => ListAsync<NodeView>("nodes", cancellation);

    /// <summary>One node.</summary>
    public Task<AdminAnswer<NodeView>> NodeAsync(string node, CancellationToken cancellation = default) =>
        GetAsync<NodeView>("nodes/" + Escape(node), cancellation);

    /// <summary>Forbids or allows new shards on a node; allowing cancels its drain.</summary>
    public Task<AdminAnswer<NodeView>> CordonAsync(string node, bool cordoned, CancellationToken cancellation = default) =>
        SendAsync<NodeView>(HttpMethod.Post, $"nodes/{Escape(node)}/{(cordoned ? "cordon" : "uncordon")}", null, cancellation);

    /// <summary>Starts to empty a node.</summary>
    public Task<AdminAnswer<OperationView>> DrainAsync(string node, DrainRequest request, CancellationToken cancellation = default) =>
        SendAsync<OperationView>(HttpMethod.Post, $"nodes/{Escape(node)}/drain", Json(request with { DryRun = false }), cancellation);

    /// <summary>What a drain would do.</summary>
    public Task<AdminAnswer<DrainPreview>> PreviewDrainAsync(string node, DrainRequest request, CancellationToken cancellation = default) =>
        SendAsync<DrainPreview>(HttpMethod.Post, $"nodes/{Escape(node)}/drain", Json(request with { DryRun = true }), cancellation);

    /// <summary>Lets a node measure its link to another one; null for the links between its own devices.</summary>
    public Task<AdminAnswer<ProbeView>> ProbeAsync(string node, string? peer, CancellationToken cancellation = default) =>
        SendAsync<ProbeView>(HttpMethod.Post, $"nodes/{Escape(node)}/probe", Json(new { peer }), cancellation);

    /// <summary>What a node found at the sources of the grid's models.</summary>
    public Task<AdminAnswer<ModelFiles[]>> FilesAsync(string node, CancellationToken cancellation = default) =>
        ListAsync<ModelFiles>($"nodes/{Escape(node)}/files", cancellation);

    /// <summary>One operation.</summary>
    public Task<AdminAnswer<OperationView>> OperationAsync(string id, CancellationToken cancellation = default) =>
        GetAsync<OperationView>("operations/" + Escape(id), cancellation);

    /// <summary>Cancels an operation.</summary>
    public Task<AdminAnswer<OperationView>> CancelAsync(string id, CancellationToken cancellation = default) =>
        SendAsync<OperationView>(HttpMethod.Delete, "operations/" + Escape(id), null, cancellation);

    /// <summary>The whole grid.</summary>
    public Task<AdminAnswer<GridStatus>> StatusAsync(CancellationToken cancellation = default) =>
        GetAsync<GridStatus>("status", cancellation);

    /// <summary>One model.</summary>
    public Task<AdminAnswer<ModelView>> ModelAsync(string model, CancellationToken cancellation = default) =>
        GetAsync<ModelView>("models/" + Escape(model), cancellation);

    /// <summary>Events after an id, oldest first; if followed, they continue until cancelled.</summary>
    public async IAsyncEnumerable<AdminAnswer<GridEventView>> EventsAsync(long since, bool follow,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"events?since={since}&follow={(follow ? "true" : "false")}");
        await foreach (var line in LinesAsync(path, cancellation)) yield return Read<GridEventView>(line);
    }

    /// <summary>The latest log lines of the process; if followed, they continue until cancelled.</summary>
    public IAsyncEnumerable<string> LogsAsync(int tail, bool follow, CancellationToken cancellation = default) =>
        LinesAsync(string.Create(CultureInfo.InvariantCulture, $"logs?tail={tail}&follow={(follow ? "true" : "false")}"), cancellation);

    /// <summary>Puts a configuration in force.</summary>
    /// <param name="text">The configuration, in the form of grid.yaml.</param>
    /// <param name="file">The name of the file in error messages.</param>
    /// <param name="folder">Absolute; its relative paths start there.</param>
    /// <param name="expected">The version that must be in force, or the request is refused; null for any.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<AdminAnswer<ConfigVersionView>> ApplyAsync(string text, string file, string folder, long? expected = null,
        CancellationToken cancellation = default) =>
        SendAsync<ConfigVersionView>(HttpMethod.Put, $"config?file={Escape(file)}&folder={Escape(folder)}", Yaml(text), cancellation,
            expected);

    /// <summary>What a configuration would change.</summary>
    public Task<AdminAnswer<ConfigDiffView>> DiffAsync(string text, string file, string folder, CancellationToken cancellation = default) =>
        SendAsync<ConfigDiffView>(HttpMethod.Put, $"config?dryRun=true&file={Escape(file)}&folder={Escape(folder)}", Yaml(text),
        cancellation);

    /// <summary>Accepted configurations, oldest first.</summary>
    public Task<AdminAnswer<ConfigVersionView[]>> ConfigVersionsAsync(CancellationToken cancellation = default) =>
        ListAsync<ConfigVersionView>("config/versions", cancellation);

    /// <summary>Puts an older configuration in force again.</summary>
    public Task<AdminAnswer<ConfigVersionView>> RollbackAsync(long version, CancellationToken cancellation = default) =>
        SendAsync<ConfigVersionView>(HttpMethod.Post, "config/rollback", Json(new { version }), cancellation);

    /// <summary>Adds or replaces a model.</summary>
    /// <param name="name">The name of the model, as it is served.</param>
    /// <param name="document">The model's entry of <c>models:</c> as JSON, with absolute paths.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<AdminAnswer<OperationView>> DeployAsync(string name, string document, CancellationToken cancellation = default)
    {
        var root = Path.GetPathRoot(Environment.CurrentDirectory)!;
        return SendAsync<OperationView>(
            HttpMethod.Put, $"models/{Escape(name)}?folder={Escape(root)}", Text(document, "application/json"), cancellation);
    }

    /// <summary>Sets the replicas of a model.</summary>
    public Task<AdminAnswer<OperationView>> ScaleAsync(string model, int replicas, CancellationToken cancellation = default) =>
        SendAsync<OperationView>(HttpMethod.Put, $"models/{Escape(model)}/scale", Json(new { replicas }), cancellation);

    /// <summary>Removes a model.</summary>
    public Task<AdminAnswer<OperationView>> DeleteAsync(string model, CancellationToken cancellation = default) =>
        SendAsync<OperationView>(HttpMethod.Delete, "models/" + Escape(model), null, cancellation);

    /// <summary>Makes a join token.</summary>
    /// <param name="ttl">How long it may be used; null for the head's default.</param>
    /// <param name="uses">How often it may be used; null for any number.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public Task<AdminAnswer<TokenView>> TokenAsync(TimeSpan? ttl, int? uses, CancellationToken cancellation = default) =>
        SendAsync<TokenView>(HttpMethod.Post, "tokens", Json(new { ttl = ttl?.TotalSeconds, uses }), cancellation);

    /// <summary>The join tokens of the head.</summary>
    public Task<AdminAnswer<JoinTokenView[]>> TokensAsync(CancellationToken cancellation = default) =>
        ListAsync<JoinTokenView>("tokens", cancellation);

    /// <summary>Ends a join token.</summary>
    public Task<AdminAnswer<JoinTokenView>> RevokeTokenAsync(string id, CancellationToken cancellation = default) =>
        SendAsync<JoinTokenView>(HttpMethod.Delete, "tokens/" + Escape(id), null, cancellation);

    /// <summary>Asks the process for an orderly end.</summary>
    public async Task ShutdownAsync(CancellationToken cancellation = default)
    {
        using var response = await SendAsync(HttpMethod.Post, "shutdown", null, null, cancellation);
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private static StringContent Json<T>(T body) => Text(JsonSerializer.Serialize(body, AdminJson.Form), "application/json");

    private static StringContent Yaml(string text) => Text(text, "application/yaml");

    private static StringContent Text(string text, string type) => new(text, Encoding.UTF8, type);

    private static AdminAnswer<T> Read<T>(string text)
    {
        var json = JsonNode.Parse(text)!.AsObject();
        return new AdminAnswer<T>(json, json.Deserialize<T>(AdminJson.Form)!);
    }

    private static async Task<AdminClientException> FaultAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        try
        {
            if (JsonNode.Parse(text) is JsonObject body && body["error"] is JsonObject error && (string?)error["message"] is { } message)
                return new AdminClientException(response.StatusCode, (string?)error["code"], message,
                    [.. (error["details"] as JsonArray ?? []).Select(detail => detail?.ToString() ?? "")]);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The answer is some proxy's page: its status says it all.
        }

        return new AdminClientException(response.StatusCode, null,
            $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.", []);
    }

    private async Task<AdminAnswer<T[]>> ListAsync<T>(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, null, cancellation);
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!.AsObject();
        return new AdminAnswer<T[]>(json, json["items"].Deserialize<T[]>(AdminJson.Form)!);
    }

    private Task<AdminAnswer<T>> GetAsync<T>(string path, CancellationToken cancellation) =>
        SendAsync<T>(HttpMethod.Get, path, null, cancellation);

    private async Task<AdminAnswer<T>> SendAsync<T>(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation,
        long? expected = null)
    {
        using var response = await SendAsync(method, path, body, expected, cancellation);
        return Read<T>(await response.Content.ReadAsStringAsync(cancellation));
    }

    private async IAsyncEnumerable<string> LinesAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, null, cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await reader.ReadLineAsync(cancellation) is { } line)
            if (line.Length > 0) yield return line;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, long? expected,
        CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(_root, path)) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (actor is not null) request.Headers.TryAddWithoutValidation("X-Grid-Actor", actor);
        if (expected is { } version)
            request.Headers.TryAddWithoutValidation("If-Match", string.Create(CultureInfo.InvariantCulture, $"\"{version}\""));
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await FaultAsync(response, cancellation);
    }
}
