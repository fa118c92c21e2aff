using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Grid.Abstractions.Admin;
using Grid.Hosting.Http;
using Grid.Gateway.Admin;
using Grid.Gateway.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Grid.Gateway.Tests.Admin;

public sealed class AdminServerTests : IAsyncLifetime
{
    private const string Key = "0123456789abcdef";
    private const string Config = "apiVersion: grid/v1\nkind: Grid\nmodels: [{name: m, source: sim, replicas: 2}]\n";

    private readonly FakeGrid _grid = new();
    private readonly HttpClient _http = new();
    private readonly RecentLog _log = new(TimeProvider.System, 3);
    private AdminServer _server = null!;
    private bool _away;
    private bool _ready = true;
    private int _shutdowns;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var options = new AdminOptions
        {
            Key = Key + "\n",
            Grid = () => _away ? null : _grid,
            Node = name => _away ? null : _grid.Hosts[name],
            Tokens = (ttl, uses) => $"token-{ttl?.TotalSeconds}-{uses}",
            Shutdown = () => Interlocked.Increment(ref _shutdowns),
            Log = _log,
            Checks = () => [HealthCheck.Of("membership", _ready, "not_a_member", "It is none.")],
            Failure = () => _ready ? null : "all engines have stopped",
        };
        _server = await AdminServer.StartAsync(options, IPAddress.Loopback, 0, _ => { });
        _http.BaseAddress = new Uri($"http://{_server.EndPoint}/admin/v1/");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic 0123456789abcdef")]
    public async Task AnyRoute_WithoutTheKey_Is401(string? authorization)
    {
        using var http = new HttpClient { BaseAddress = _http.BaseAddress };
        if (authorization is not null) http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        foreach (var path in (string[])["nodes", "status", "config", "no-such-thing"])
        {
            using var response = await http.GetAsync(path, Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("unauthorized", (string?)(await JsonOf(response))["error"]!["code"]);
        }
    }

    [Theory]
    [InlineData("\"four\"")]
    [InlineData("4.5")]
    [InlineData("-1")]
    [InlineData("[4]")]
    public async Task Scale_ToWhatIsNoNumber_IsRefusedInPlainWords(string given)
    {
        using var response = await _http.PutAsync("models/m/scale", new StringContent($"{{\"replicas\":{given}}}", Encoding.UTF8), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Matches($@"^replicas must be a whole number from 0 to \d+, {System.Text.RegularExpressions.Regex.Escape(given)} given\.$", (string?)(await JsonOf(response))["error"]!["message"]);
    }

    [Fact]
    public async Task Drain_WithABodyOfTheWrongType_NamesNoTypeOfOurs()
    {
        using var response = await _http.PostAsync("nodes/a/drain", new StringContent("{\"force\":\"yes\"}", Encoding.UTF8), Cancellation);

        Assert.Equal("The body cannot be read: $.force is of another type than it must be.", (string?)(await JsonOf(response))["error"]!["message"]);
    }

    [Fact]
    public async Task Probes_WithoutTheKey_TellHowTheProcessIs()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{_server.EndPoint}/") };

        Assert.Equal("ok\n", await http.GetStringAsync("livez", Cancellation));
        Assert.Equal("ok\n", await http.GetStringAsync("readyz", Cancellation));
        _ready = false;
        using var ready = await http.GetAsync("readyz?verbose", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("not_a_member", (string?)(await JsonOf(ready))["checks"]![0]!["reason"]);
        using var live = await http.GetAsync("livez", Cancellation);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "all engines have stopped\n"), (live.StatusCode, await live.Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact]
    public async Task Probe_OfAPeer_TellsTransportAndSpeed()
    {
        using var response = await _http.PostAsync("nodes/a/probe", new StringContent("{\"peer\":\"b\"}", Encoding.UTF8), Cancellation);

        var probe = await JsonOf(response);
        Assert.Equal(["apiVersion", "kind", "from", "to", "transport", "roundTripMicroseconds", "gigabytesPerSecond", "error"], probe.Select(field => field.Key));
        Assert.Equal(("Probe", "a", "b", "TCP with mutual TLS"), ((string?)probe["kind"], (string?)probe["from"], (string?)probe["to"], (string?)probe["transport"]));
    }

    [Fact]
    public async Task Probe_OfANodeThatDoesNotAnswer_TellsIt()
    {
        _grid.Hosts["a"].Trouble = new TimeoutException("5 s are over");

        using var response = await _http.PostAsync("nodes/a/probe", null, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Node a does not answer.", (string?)(await JsonOf(response))["error"]);
    }

    [Fact]
    public async Task Probe_OfAnUnknownPeer_Is404()
    {
        using var response = await _http.PostAsync("nodes/a/probe", new StringContent("{\"peer\":\"z\"}", Encoding.UTF8), Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Nodes_List_IsSortedAndWhole()
    {
        var list = await GetAsync("nodes");

        Assert.Equal(("grid/v1", "NodeList"), ((string?)list["apiVersion"], (string?)list["kind"]));
        Assert.Equal(["a", "b"], list["items"]!.AsArray().Select(node => (string?)node!["name"]));
        var node = list["items"]![0]!.AsObject();
        Assert.Equal(
            ["name", "state", "reason", "message", "cordoned", "roles", "address", "pid", "version", "wire", "labels", "devices", "shards", "streams", "drain", "joinedAt", "lastSeenAt", "dataPlane"],
            node.Select(field => field.Key));
        Assert.Equal("Ready", (string?)node["state"]);
        Assert.Null(node["drain"]);
        Assert.Equal("2026-01-02T03:04:05.678Z", (string?)node["joinedAt"]);
        Assert.Equal(["id", "kind", "memoryBytes", "reservedBytes"], node["devices"]![0]!.AsObject().Select(field => field.Key));
        Assert.Equal("a", (string?)node["labels"]!["zone"]);
    }

    [Fact]
    public async Task Status_Document_HasTheFixedForm()
    {
        await PutConfigAsync(Config);

        var status = await GetAsync("status");

        Assert.Equal(["apiVersion", "kind", "name", "configVersion", "observedVersion", "store", "nodes", "gateways", "models", "operations"], status.Select(field => field.Key));
        Assert.Equal("GridStatus", (string?)status["kind"]);
        Assert.Equal("""{"total":2,"ready":2}""", status["nodes"]!.ToJsonString());
        var model = status["models"]![0]!.AsObject();
        foreach (var key in (string[])["name", "state", "reason", "desired", "ready", "minAvailable", "revision", "running", "waiting", "queued", "kvUsage", "replicas"]) Assert.True(model.ContainsKey(key), key);
        var replica = model["replicas"]![0]!.AsObject();
        Assert.Equal(["id", "epoch", "state", "reason", "message", "kvTokens", "maxConcurrency", "strategy", "ranks", "pipelineLayers", "reasons"], replica.Select(field => field.Key));
        Assert.Equal("""{"tensor":1,"pipeline":1,"data":1,"expert":1}""", replica["strategy"]!.ToJsonString());
        Assert.Equal("""{"id":"m/r0/dp0","node":"a","state":"Ready","running":3,"waiting":0}""", replica["ranks"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task CordonDrainCancel_Node_GoThrough()
    {
        Assert.True((bool)(await SendAsync(HttpMethod.Post, "nodes/a/cordon", null, HttpStatusCode.OK))["cordoned"]!);
        Assert.False((bool)(await SendAsync(HttpMethod.Post, "nodes/a/uncordon", null, HttpStatusCode.OK))["cordoned"]!);
        _grid.DrainState = "Running";

        var drain = await SendAsync(HttpMethod.Post, "nodes/a/drain", """{"timeoutSeconds":300,"force":true,"dryRun":false}""", HttpStatusCode.Accepted);

        Assert.Equal(new DrainRequest(300, true, false), _grid.LastDrain);
        Assert.Equal(["apiVersion", "kind", "id", "target", "state", "reason", "message", "startedAt", "endedAt"], drain.Select(field => field.Key));
        Assert.Equal(("Drain", "a", "Running"), ((string?)drain["kind"], (string?)drain["target"], (string?)drain["state"]));
        Assert.Equal("Draining", (string?)(await GetAsync("nodes/a"))["state"]);
        Assert.Equal("Running", (string?)(await GetAsync("operations/op-1"))["state"]);
        Assert.Equal("Cancelled", (string?)(await SendAsync(HttpMethod.Delete, "operations/op-1", null, HttpStatusCode.OK))["state"]);
        Assert.Single((await GetAsync("operations"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Drain_Refused_TellsCodeMessageAndDetails()
    {
        _grid.DrainRefusal = new AdminFault(409, "no_capacity", "8 GiB are needed, 4 GiB are free.", ["b: 4 GiB"]);

        var refusal = await SendAsync(HttpMethod.Post, "nodes/a/drain", "{}", HttpStatusCode.Conflict);
        Assert.Equal("""{"error":{"code":"no_capacity","message":"8 GiB are needed, 4 GiB are free.","details":["b: 4 GiB"]}}""", refusal.ToJsonString());

        var preview = await SendAsync(HttpMethod.Post, "nodes/a/drain", """{"dryRun":true}""", HttpStatusCode.OK);
        Assert.False((bool)preview["allowed"]!);
        Assert.Equal(5, (int)preview["streams"]!);
        Assert.Empty(preview["moves"]!.AsArray());
    }

    [Theory]
    [InlineData("GET", "nodes/x", null, 404, "not_found")]
    [InlineData("POST", "nodes/x/cordon", null, 404, "not_found")]
    [InlineData("POST", "nodes/a/drain", "{\"timeoutSeconds\":-1}", 400, "invalid")]
    [InlineData("POST", "nodes/a/drain", "{\"timeoutSeconds\":\"soon\"}", 400, "invalid")]
    [InlineData("POST", "nodes/a/drain", "nonsense", 400, "invalid")]
    [InlineData("GET", "operations/op-9", null, 404, "not_found")]
    [InlineData("DELETE", "operations/op-9", null, 404, "not_found")]
    [InlineData("GET", "events?since=-1", null, 400, "invalid")]
    [InlineData("GET", "events?follow=maybe", null, 400, "invalid")]
    [InlineData("PUT", "config", "kind: Grid", 422, "config")]
    [InlineData("POST", "config/rollback", "{}", 400, "invalid")]
    [InlineData("POST", "config/rollback", "{\"version\":9}", 404, "not_found")]
    [InlineData("PUT", "models/m/scale", "{}", 400, "invalid")]
    [InlineData("PUT", "models/m/scale", "{\"replicas\":-1}", 400, "invalid")]
    [InlineData("PUT", "models/x/scale", "{\"replicas\":1}", 404, "not_found")]
    [InlineData("GET", "models/x/scale", null, 404, "not_found")]
    [InlineData("PUT", "models/m", "{name: n, source: sim, replicas: 1}", 400, "invalid")]
    [InlineData("PUT", "models/m", "{name: m}", 422, "config")]
    [InlineData("DELETE", "models/x", null, 404, "not_found")]
    [InlineData("POST", "tokens", "{\"uses\":0}", 400, "invalid")]
    [InlineData("POST", "tokens", "{\"ttl\":\"soon\"}", 400, "invalid")]
    [InlineData("GET", "nothing/here", null, 404, "not_found")]
    public async Task Route_BadRequest_IsAnErrorDocument(string method, string path, string? body, int status, string code)
    {
        var answer = await SendAsync(new HttpMethod(method), path, body, (HttpStatusCode)status);

        var error = answer["error"]!.AsObject();
        Assert.Equal(["code", "message", "details"], error.Select(field => field.Key));
        Assert.Equal(code, (string?)error["code"]);
        Assert.False(string.IsNullOrEmpty((string?)error["message"]));
    }

    [Fact]
    public async Task Config_PutGetMatch_KeepsVersions()
    {
        var put = await PutConfigAsync(Config);
        Assert.Equal("\"1\"", put.Headers.ETag!.Tag);

        using var get = await _http.GetAsync("config", Cancellation);
        Assert.Equal("\"1\"", get.Headers.ETag!.Tag);
        var document = await JsonOf(get);
        Assert.Equal(("Grid", "m"), ((string?)document["kind"], (string?)document["models"]![0]!["name"]));
        using var yaml = new HttpRequestMessage(HttpMethod.Get, "config");
        yaml.Headers.Accept.ParseAdd("application/yaml");
        using var text = await _http.SendAsync(yaml, Cancellation);
        Assert.Equal(Config, await text.Content.ReadAsStringAsync(Cancellation));

        // What GET gives, PUT takes.
        Assert.Equal(HttpStatusCode.OK, (await PutConfigAsync(document.ToJsonString(), "\"1\"")).StatusCode);
        var stale = await PutConfigAsync(Config, "\"1\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        Assert.Equal("version", (string?)(await JsonOf(stale))["error"]!["code"]);
        Assert.Equal(3, (int)(await SendAsync(HttpMethod.Post, "config/rollback", """{"version":1}""", HttpStatusCode.OK))["version"]!);
        Assert.Equal(3, (await GetAsync("config/versions"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Config_DryRun_ComparesAndChangesNothing()
    {
        await PutConfigAsync(Config);
        await SendAsync(HttpMethod.Put, "models/m/scale", """{"replicas":4}""", HttpStatusCode.OK);

        var diff = await SendAsync(HttpMethod.Put, "config?dryRun=true", Config.Replace("sim,", "/models/x,", StringComparison.Ordinal), HttpStatusCode.OK);

        Assert.True((bool)diff["changed"]!);
        Assert.Equal("Rollout", (string?)diff["models"]![0]!["kind"]);
        Assert.Contains(diff["models"]![0]!["fields"]!.AsArray(), field => field!.ToJsonString() == """{"path":"source","old":"sim","new":"/models/x"}""");
        Assert.Equal("""[{"name":"m","replicas":2,"scaled":4}]""", diff["scaled"]!.ToJsonString());
        Assert.Equal("sim", _grid.Models["m"].Source);
    }

    [Fact]
    public async Task Config_Faults_AreAllTold()
    {
        using var response = await PutConfigAsync("apiVersion: grid/v1\nkind: Grid\nmodls: []\nmodels: [{name: m, source: sim}]\n");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(
            ["grid.yaml:3:1: modls: unknown key; the nearest known one is models.", "grid.yaml:4:10: models[0].replicas: exactly one of replicas and autoscale must be given, none given."],
            (await JsonOf(response))["error"]!["details"]!.AsArray().Select(detail => (string?)detail));
    }

    [Fact]
    public async Task Config_RelativeSource_StartsAtTheGivenFolder()
    {
        await SendAsync(HttpMethod.Put, "config?folder=/srv/grid", Config.Replace("sim,", "./models/x,", StringComparison.Ordinal), HttpStatusCode.OK);

        Assert.Equal("/srv/grid/models/x", _grid.Models["m"].Source);
        Assert.Equal("/srv/grid/models/x", (string?)(await GetAsync("config"))["models"]![0]!["source"]);
    }

    [Fact]
    public async Task Actor_Header_ReachesTheGrid()
    {
        _http.DefaultRequestHeaders.Add("X-Grid-Actor", "ann@host");

        await PutConfigAsync(Config);

        Assert.Equal(["ann@host"], _grid.Actors);
    }

    [Fact]
    public async Task Models_DeployScaleDelete_GoThrough()
    {
        var deployed = await SendAsync(HttpMethod.Put, "models/new?folder=/srv", """{"name":"new","source":"./x","replicas":1,"engine":{"maxNumSeqs":4}}""", HttpStatusCode.OK);
        Assert.Equal("Rollout", (string?)deployed["kind"]);
        Assert.Equal(("/srv/x", "4"), (_grid.LastDeployed!.Source, _grid.LastDeployed.Engine!["maxNumSeqs"]));
        await SendAsync(HttpMethod.Put, "models/new/scale", """{"replicas":4}""", HttpStatusCode.OK);
        Assert.Equal("""{"apiVersion":"grid/v1","kind":"Scale","model":"new","replicas":4,"ready":4}""", (await GetAsync("models/new/scale")).ToJsonString());
        Assert.Equal("no_capacity", (string?)(await SendAsync(HttpMethod.Put, "models/new/scale", """{"replicas":101}""", HttpStatusCode.Conflict))["error"]!["code"]);
        await SendAsync(HttpMethod.Delete, "models/new", null, HttpStatusCode.OK);
        Assert.Empty((await GetAsync("models"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Events_Follow_StreamsLinesAsTheyCome()
    {
        await _grid.Record("Warning", "NodeDead", "node/b", "gone", "grid");
        await _grid.Record("Normal", "Scaled", "model/m", "2 -> 4", "admin");

        Assert.Equal([1, 2], (await LinesAsync("events")).Select(line => (int)line["id"]!));
        var late = Assert.Single(await LinesAsync("events?since=1"));
        Assert.Equal(["apiVersion", "kind", "id", "time", "type", "reason", "object", "message", "count", "actor"], late.Select(field => field.Key));

        using var response = await _http.GetAsync("events?since=2&follow=true", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        await _grid.Record("Normal", "Third", "grid", "x", "grid");
        Assert.Contains("\"Third\"", await reader.ReadLineAsync(Cancellation));
        // While the store is away a follower stays.
        _grid.Trouble = new TimeoutException();
        _grid.Trouble = null;
        await _grid.Record("Normal", "Fourth", "grid", "x", "grid");
        Assert.Contains("\"Fourth\"", await reader.ReadLineAsync(Cancellation));
    }

    [Fact]
    public async Task Routing_Table_IsTold() => Assert.Equal(41, (int)(await GetAsync("routing"))["version"]!);

    [Fact]
    public async Task AnyRoute_ClusterAway_Is503()
    {
        foreach (var trouble in (Exception?[])[null, new TimeoutException("late"), new SiloUnavailableException("none")])
        {
            (_away, _grid.Trouble) = (trouble is null, trouble);
            foreach (var path in (string[])["nodes", "status", "events", "config", "models/m"])
            {
                using var response = await _http.GetAsync(path, Cancellation);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                Assert.Equal("store_unavailable", (string?)(await JsonOf(response))["error"]!["code"]);
                Assert.NotNull(response.Headers.RetryAfter);
            }
        }
    }

    [Fact]
    public async Task Tokens_Head_MakesOne()
    {
        Assert.Equal("token--", (string?)(await SendAsync(HttpMethod.Post, "tokens", null, HttpStatusCode.OK))["token"]);
        Assert.Equal("token-3600-5", (string?)(await SendAsync(HttpMethod.Post, "tokens", """{"ttl":"1h","uses":5}""", HttpStatusCode.OK))["token"]);
        Assert.Contains(await _grid.GetEvents(0, 100), item => item is { Reason: "TokenCreated", Message: "a join token was made, 5 uses" });
        await using var other = await AdminServer.StartAsync(new AdminOptions { Key = Key, Grid = () => _grid }, IPAddress.Loopback, 0, _ => { });
        using var response = await _http.PostAsync($"http://{other.EndPoint}/admin/v1/tokens", null, Cancellation);
        Assert.Equal((HttpStatusCode.NotImplemented, "not_supported"), (response.StatusCode, (string?)(await JsonOf(response))["error"]!["code"]));
    }

    [Fact]
    public async Task Logs_Tail_IsTheLatest()
    {
        var logger = _log.CreateLogger("c");
        foreach (var number in Enumerable.Range(1, 5)) logger.LogInformation("line {Number}", number);

        var text = await _http.GetStringAsync("logs?tail=2", Cancellation);

        Assert.Equal(["line 4", "line 5"], text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[^6..]));
        Assert.Equal(3, (await _http.GetStringAsync("logs", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Shutdown_Post_AsksTheProcessOnce()
    {
        await SendAsync(HttpMethod.Post, "shutdown", null, HttpStatusCode.Accepted);

        SpinWait.SpinUntil(() => Volatile.Read(ref _shutdowns) > 0, TimeSpan.FromSeconds(5));
        Assert.Equal(1, _shutdowns);
    }

    private static async Task<JsonObject> JsonOf(HttpResponseMessage response) => JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject();

    private async Task<JsonObject> GetAsync(string path) => await SendAsync(HttpMethod.Get, path, null, HttpStatusCode.OK);

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, string? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var response = await _http.SendAsync(request, Cancellation);
        Assert.Equal(expected, response.StatusCode);
        return await JsonOf(response);
    }

    private async Task<HttpResponseMessage> PutConfigAsync(string text, string? match = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, "config") { Content = new StringContent(text, Encoding.UTF8, "application/yaml") };
        if (match is not null) request.Headers.TryAddWithoutValidation("If-Match", match);
        return await _http.SendAsync(request, Cancellation);
    }

    private async Task<JsonObject[]> LinesAsync(string path) =>
        [.. (await _http.GetStringAsync(path, Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
}
