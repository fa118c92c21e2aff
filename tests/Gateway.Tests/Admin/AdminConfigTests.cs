using System.Net;
using System.Text.Json.Nodes;
using Grid.Abstractions.Configuration;
using Grid.Gateway.Admin;
using Microsoft.Extensions.Logging;

namespace Grid.Gateway.Tests.Admin;

/// <summary>Configuration, models, events and the process.</summary>
public sealed class AdminConfigTests : AdminTestBase
{
    [Fact]
    public async Task Config_PutGetMatch_KeepsVersions()
    {
        var put = await PutConfigAsync(Config);
        Assert.Equal("\"1\"", put.Headers.ETag!.Tag);

        using var get = await Http.GetAsync("config", Cancellation);
        Assert.Equal("\"1\"", get.Headers.ETag!.Tag);
        var document = await JsonOf(get);
        Assert.Equal(("Grid", "m"), ((string?)document["kind"], (string?)document["models"]![0]!["name"]));
        using var yaml = new HttpRequestMessage(HttpMethod.Get, "config");
        yaml.Headers.Accept.ParseAdd("application/yaml");
        using var text = await Http.SendAsync(yaml, Cancellation);
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

        var diff = await SendAsync(HttpMethod.Put, "config?dryRun=true", Config.Replace("sim,", "/models/x,", StringComparison.Ordinal),
            HttpStatusCode.OK);

        Assert.True((bool)diff["changed"]!);
        Assert.Equal("Rollout", (string?)diff["models"]![0]!["kind"]);
        Assert.Contains(diff["models"]![0]!["fields"]!.AsArray(),
            field => field!.ToJsonString() == """{"path":"source","old":"sim","new":"/models/x"}""");
        Assert.Equal("""[{"name":"m","replicas":2,"scaled":4}]""", diff["scaled"]!.ToJsonString());
        Assert.Equal("sim", FakeGrid.Models["m"].Source);
    }

    [Fact]
    public async Task Config_Faults_AreAllTold()
    {
        using var response = await PutConfigAsync("apiVersion: grid/v1\nkind: Grid\nmodls: []\nmodels: [{name: m, source: sim}]\n");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(
            ["grid.yaml:3:1: modls: unknown key; the nearest known one is models.",
            "grid.yaml:4:10: models[0].replicas: exactly one of replicas and autoscale must be given; got none."],
            (await JsonOf(response))["error"]!["details"]!.AsArray().Select(detail => (string?)detail));
    }

    [Fact]
    public async Task Config_RelativeSource_StartsAtTheGivenFolder()
    {
        await SendAsync(HttpMethod.Put, "config?folder=/srv/grid", Config.Replace("sim,", "./models/x,", StringComparison.Ordinal),
            HttpStatusCode.OK);

        Assert.Equal("/srv/grid/models/x", FakeGrid.Models["m"].Source);
        Assert.Equal("/srv/grid/models/x", (string?)(await GetAsync("config"))["models"]![0]!["source"]);
    }

    [Fact]
    public async Task Actor_Header_ReachesTheGrid()
    {
        Http.DefaultRequestHeaders.Add("X-Grid-Actor", "ann@host");

        await PutConfigAsync(Config);

        Assert.Equal(["ann@host"], FakeGrid.Actors);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a%252Fb")]
    [InlineData("模型")]
    [InlineData("100% 模型+1")]
    public async Task Models_OfAnyName_AreMeantExactly(string name)
    {
        string[] others = [.. ((string[])["a/b", "a%2Fb", "a%252Fb"]).Where(other => other != name)];
        foreach (var other in others) await FakeGrid.Deploy(new ModelSpec(other, "sim", 1, null, 1), "admin");
        var path = "models/" + Uri.EscapeDataString(name);
        await SendAsync(HttpMethod.Put, path, new JsonObject { ["name"] = name, ["source"] = "sim", ["replicas"] = 1 }.ToJsonString(),
            HttpStatusCode.OK);
        Assert.Equal(name, (string?)(await GetAsync(path))["name"]);
        await SendAsync(HttpMethod.Put, path + "/scale", """{"replicas":4}""", HttpStatusCode.OK);
        Assert.Equal((name, 4), ((string?)(await GetAsync(path + "/scale"))["model"], (int)(await GetAsync(path + "/scale"))["replicas"]!));
        await SendAsync(HttpMethod.Delete, path + "/", null, HttpStatusCode.OK);
        Assert.Equal(others.Order(), FakeGrid.Models.Keys.Order());
    }

    [Fact]
    public async Task Models_DeployScaleDelete_GoThrough()
    {
        var deployed = await SendAsync(HttpMethod.Put, "models/new?folder=/srv",
            """{"name":"new","source":"./x","replicas":1,"engine":{"maxNumSeqs":4}}""", HttpStatusCode.OK);
        Assert.Equal("Rollout", (string?)deployed["kind"]);
        Assert.Equal(("/srv/x", "4"), (FakeGrid.LastDeployed!.Source, FakeGrid.LastDeployed.Engine!["maxNumSeqs"]));
        await SendAsync(HttpMethod.Put, "models/new/scale", """{"replicas":4}""", HttpStatusCode.OK);
        Assert.Equal("""{"apiVersion":"grid/v1","kind":"Scale","model":"new","replicas":4,"ready":4}""",
            (await GetAsync("models/new/scale")).ToJsonString());
        Assert.Equal("no_capacity",
            (string?)(await SendAsync(HttpMethod.Put, "models/new/scale", """{"replicas":101}""",
            HttpStatusCode.Conflict))["error"]!["code"]);
        await SendAsync(HttpMethod.Delete, "models/new", null, HttpStatusCode.OK);
        Assert.Empty((await GetAsync("models"))["items"]!.AsArray());
    }

    [Fact]
    public async Task Events_Follow_StreamsLinesAsTheyCome()
    {
        await FakeGrid.Record("Warning", "NodeDead", "node/b", "gone", "grid");
        await FakeGrid.Record("Normal", "Scaled", "model/m", "2 -> 4", "admin");

        Assert.Equal([1, 2], (await LinesAsync("events")).Select(line => (int)line["id"]!));
        var late = Assert.Single(await LinesAsync("events?since=1"));
        Assert.Equal(["apiVersion", "kind", "id", "time", "type", "reason", "object", "message", "count", "actor"],
            late.Select(field => field.Key));

        using var response = await Http.GetAsync("events?since=2&follow=true", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        await FakeGrid.Record("Normal", "Third", "grid", "x", "grid");
        Assert.Contains("\"Third\"", await reader.ReadLineAsync(Cancellation));
        // While the store is away a follower stays.
        FakeGrid.Trouble = new TimeoutException();
        FakeGrid.Trouble = null;
        await FakeGrid.Record("Normal", "Fourth", "grid", "x", "grid");
        Assert.Contains("\"Fourth\"", await reader.ReadLineAsync(Cancellation));
    }

    [Fact]
    public async Task Tokens_Head_MakesOne()
    {
        Assert.Equal("token--", (string?)(await SendAsync(HttpMethod.Post, "tokens", null, HttpStatusCode.OK))["token"]);
        Assert.Equal("token-3600-5",
            (string?)(await SendAsync(HttpMethod.Post, "tokens", """{"ttl":"1h","uses":5}""", HttpStatusCode.OK))["token"]);
        Assert.Contains(await FakeGrid.GetEvents(0, 100),
            item => item is { Reason: "TokenCreated", Message: "join token created for 5 uses" });
        await using var other =
            await AdminServer.StartAsync(new AdminOptions { Key = Key, Grid = () => FakeGrid }, IPAddress.Loopback, 0, _ => { });
        using var response = await Http.PostAsync($"http://{other.EndPoint}/admin/v1/tokens", null, Cancellation);
        Assert.Equal((HttpStatusCode.NotImplemented, "not_supported"),
            (response.StatusCode, (string?)(await JsonOf(response))["error"]!["code"]));
    }

    [Fact]
    public async Task Logs_Tail_IsTheLatest()
    {
        var logger = Log.CreateLogger("c");
        foreach (var number in Enumerable.Range(1, 5)) logger.LogInformation("line {Number}", number);

        var text = await Http.GetStringAsync("logs?tail=2", Cancellation);

        Assert.Equal(["line 4", "line 5"], text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[^6..]));
        Assert.Equal(3, (await Http.GetStringAsync("logs", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Shutdown_Post_AsksTheProcessOnce()
    {
        await SendAsync(HttpMethod.Post, "shutdown", null, HttpStatusCode.Accepted);

        SpinWait.SpinUntil(() => Shutdowns > 0, TimeSpan.FromSeconds(5));
        Assert.Equal(1, Shutdowns);
    }
}
