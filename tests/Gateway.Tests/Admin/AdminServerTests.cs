using System.Net;
using System.Text;
using Grid.Abstractions.Admin;

namespace Grid.Gateway.Tests.Admin;

public sealed class AdminServerTests : AdminTestBase
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic 0123456789abcdef")]
    public async Task AnyRoute_WithoutTheKey_Is401(string? authorization)
    {
        using var http = new HttpClient { BaseAddress = Http.BaseAddress };
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
        using var response =
            await Http.PutAsync("models/m/scale", new StringContent($"{{\"replicas\":{given}}}", Encoding.UTF8), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Matches($@"^replicas must be a whole number from 0 to \d+; got {System.Text.RegularExpressions.Regex.Escape(given)}\.$",
            (string?)(await JsonOf(response))["error"]!["message"]);
    }

    [Fact]
    public async Task Drain_WithABodyOfTheWrongType_NamesNoTypeOfOurs()
    {
        using var response = await Http.PostAsync("nodes/a/drain", new StringContent("{\"force\":\"yes\"}", Encoding.UTF8), Cancellation);

        Assert.Equal("The body cannot be read: $.force has the wrong type.",
            (string?)(await JsonOf(response))["error"]!["message"]);
    }

    [Fact]
    public async Task Probes_WithoutTheKey_TellHowTheProcessIs()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{EndPoint}/") };

        Assert.Equal("ok\n", await http.GetStringAsync("livez", Cancellation));
        Assert.Equal("ok\n", await http.GetStringAsync("readyz", Cancellation));
        IsReady = false;
        using var ready = await http.GetAsync("readyz?verbose", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("not_a_member", (string?)(await JsonOf(ready))["checks"]![0]!["reason"]);
        using var live = await http.GetAsync("livez", Cancellation);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "all engines have stopped\n"),
            (live.StatusCode, await live.Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact]
    public async Task Probe_OfAPeer_TellsTransportAndSpeed()
    {
        using var response = await Http.PostAsync("nodes/a/probe", new StringContent("{\"peer\":\"b\"}", Encoding.UTF8), Cancellation);

        var probe = await JsonOf(response);
        Assert.Equal(["apiVersion", "kind", "from", "to", "transport", "roundTripMicroseconds", "gigabytesPerSecond", "error"],
            probe.Select(field => field.Key));
        Assert.Equal(("Probe", "a", "b", "TCP with mutual TLS"),
            ((string?)probe["kind"], (string?)probe["from"], (string?)probe["to"], (string?)probe["transport"]));
    }

    [Fact]
    public async Task Probe_OfANodeThatDoesNotAnswer_TellsIt()
    {
        FakeGrid.Hosts["a"].Trouble = new TimeoutException("5 s are over");

        using var response = await Http.PostAsync("nodes/a/probe", null, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Node a does not answer.", (string?)(await JsonOf(response))["error"]);
    }

    [Fact]
    public async Task Probe_OfAnUnknownPeer_Is404()
    {
        using var response = await Http.PostAsync("nodes/a/probe", new StringContent("{\"peer\":\"z\"}", Encoding.UTF8), Cancellation);

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
            ["name", "state", "reason", "message", "cordoned", "roles", "address", "pid", "version", "wire", "labels", "devices", "shards",
            "streams", "drain", "joinedAt", "lastSeenAt", "dataPlane"],
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

        Assert.Equal(
            ["apiVersion", "kind", "name", "configVersion", "observedVersion", "store", "nodes", "gateways", "models", "operations"],
            status.Select(field => field.Key));
        Assert.Equal("GridStatus", (string?)status["kind"]);
        Assert.Equal("""{"total":2,"ready":2}""", status["nodes"]!.ToJsonString());
        var model = status["models"]![0]!.AsObject();
        foreach (var key in (string[])["name", "state", "reason", "desired", "ready", "minAvailable", "revision", "running", "waiting",
            "queued", "kvUsage", "replicas"]) Assert.True(model.ContainsKey(key), key);
        var replica = model["replicas"]![0]!.AsObject();
        Assert.Equal(
            ["id", "epoch", "state", "reason", "message", "kvTokens", "maxConcurrency", "strategy", "ranks", "pipelineLayers", "reasons"],
            replica.Select(field => field.Key));
        Assert.Equal("""{"tensor":1,"pipeline":1,"data":1,"expert":1}""", replica["strategy"]!.ToJsonString());
        Assert.Equal("""{"id":"m/r0/dp0","node":"a","state":"Ready","running":3,"waiting":0}""", replica["ranks"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task CordonDrainCancel_Node_GoThrough()
    {
        Assert.True((bool)(await SendAsync(HttpMethod.Post, "nodes/a/cordon", null, HttpStatusCode.OK))["cordoned"]!);
        Assert.False((bool)(await SendAsync(HttpMethod.Post, "nodes/a/uncordon", null, HttpStatusCode.OK))["cordoned"]!);
        FakeGrid.DrainState = "Running";

        var drain = await SendAsync(HttpMethod.Post, "nodes/a/drain", """{"timeoutSeconds":300,"force":true,"dryRun":false}""",
            HttpStatusCode.Accepted);

        Assert.Equal(new DrainRequest(300, true, false), FakeGrid.LastDrain);
        Assert.Equal(["apiVersion", "kind", "id", "target", "state", "reason", "message", "startedAt", "endedAt"],
            drain.Select(field => field.Key));
        Assert.Equal(("Drain", "a", "Running"), ((string?)drain["kind"], (string?)drain["target"], (string?)drain["state"]));
        Assert.Equal("Draining", (string?)(await GetAsync("nodes/a"))["state"]);
        Assert.Equal("Running", (string?)(await GetAsync("operations/op-1"))["state"]);
        Assert.Equal("Cancelled", (string?)(await SendAsync(HttpMethod.Delete, "operations/op-1", null, HttpStatusCode.OK))["state"]);
        Assert.Single((await GetAsync("operations"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Drain_Refused_TellsCodeMessageAndDetails()
    {
        FakeGrid.DrainRefusal = new AdminFault(409, "no_capacity", "8 GiB are needed, 4 GiB are free.", ["b: 4 GiB"]);

        var refusal = await SendAsync(HttpMethod.Post, "nodes/a/drain", "{}", HttpStatusCode.Conflict);
        Assert.Equal("""{"error":{"code":"no_capacity","message":"8 GiB are needed, 4 GiB are free.","details":["b: 4 GiB"]}}""",
            refusal.ToJsonString());

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
    public async Task Routing_Table_IsTold() => Assert.Equal(41, (int)(await GetAsync("routing"))["version"]!);

    [Fact]
    public async Task AnyRoute_ClusterAway_Is503()
    {
        foreach (var trouble in (Exception?[])[null, new TimeoutException("late"), new SiloUnavailableException("none")])
        {
            (IsAway, FakeGrid.Trouble) = (trouble is null, trouble);
            foreach (var path in (string[])["nodes", "status", "events", "config", "models/m"])
            {
                using var response = await Http.GetAsync(path, Cancellation);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                Assert.Equal("store_unavailable", (string?)(await JsonOf(response))["error"]!["code"]);
                Assert.NotNull(response.Headers.RetryAfter);
            }
        }
    }
}
