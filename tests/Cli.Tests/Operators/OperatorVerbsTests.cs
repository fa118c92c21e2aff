using System.Text.Json.Nodes;
using Grid.Abstractions;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Cli.Tests.Processes;

namespace Grid.Cli.Tests.Operators;

public sealed class OperatorVerbsTests : IAsyncLifetime
{
    private const string Config = "apiVersion: grid/v1\nkind: Grid\nmodels: [{name: m, source: sim, replicas: 2}]\n";

    private FakeAdmin _admin = null!;

    public async ValueTask InitializeAsync() => _admin = await FakeAdmin.StartAsync();

    public ValueTask DisposeAsync() => _admin.DisposeAsync();

    [Fact]
    public async Task Nodes_AnyForm_ShowsTheNodes()
    {
        var table = await _admin.RunAsync("nodes");
        Assert.Equal((ExitCodes.Done, ""), (table.ExitCode, table.Error));
        var lines = table.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Matches(@"^NAME +STATE +ROLES +DEVICES +RESERVED +SHARDS +STREAMS$", lines[0]);
        Assert.Matches(@"^a +Ready +silo +sim:0 +4 GiB of 8 GiB +1 +5$", lines[1]);
        Assert.Contains("127.0.0.1", (await _admin.RunAsync("nodes", "-o", "wide")).Output);
        var json = JsonNode.Parse((await _admin.RunAsync("nodes", "-o", "json")).Output)!;
        Assert.Equal(("NodeList", "a"), ((string?)json["kind"], (string?)json["items"]![0]!["name"]));
        var yaml = (await _admin.RunAsync("nodes", "-o", "yaml")).Output;
        Assert.StartsWith("apiVersion: grid/v1\nkind: NodeList\nitems:\n", yaml);
    }

    [Fact]
    public async Task CordonUncordon_Node_SaysSo()
    {
        Assert.Equal((0, "node/a cordoned\n", ""), await _admin.RunAsync("cordon", "a"));
        Assert.Contains("Ready,Cordoned", (await _admin.RunAsync("nodes")).Output);
        Assert.Equal((0, "node/a uncordoned\n", ""), await _admin.RunAsync("uncordon", "a"));
        var missing = await _admin.RunAsync("cordon", "x");
        Assert.Equal((ExitCodes.NotFound, "grid: There is no node 'x'.\n"), (missing.ExitCode, missing.Error));
    }

    [Fact]
    public async Task Drain_Succeeds_IsZeroWithProgressOnStderr()
    {
        var drain = await _admin.RunAsync("drain", "a", "--timeout", "90s", "--force");

        Assert.Equal((ExitCodes.Done, "node/a drained\n"), (drain.ExitCode, drain.Output));
        Assert.Contains("grid: drain a Succeeded: 3 streams and 1 shard left", drain.Error);
        Assert.Equal(new DrainRequest(90, true, false), _admin.Grid.LastDrain);
    }

    [Fact]
    public async Task Drain_NoWaitThenCancel_ReturnsAtOnce()
    {
        _admin.Grid.DrainState = "Running";

        Assert.Equal((0, "node/a draining (op-1)\n", ""), await _admin.RunAsync("drain", "a", "--no-wait"));
        Assert.Equal(new DrainRequest(null, false, false), _admin.Grid.LastDrain);
        Assert.Equal((0, "node/a drain cancelled\n", ""), await _admin.RunAsync("drain", "a", "--cancel"));
    }

    [Fact]
    public async Task Drain_BlockedPastItsDeadline_IsSeven()
    {
        _admin.Grid.DrainState = "Blocked";

        var drain = await _admin.RunAsync("drain", "a", "-o", "json");

        Assert.Equal(ExitCodes.TimedOut, drain.ExitCode);
        Assert.Equal("Blocked", (string?)JsonNode.Parse(drain.Output)!["state"]);
        Assert.Contains("1 stream finds no room", drain.Error);
    }

    [Fact]
    public async Task Drain_Refused_IsSixWithNumbers()
    {
        _admin.Grid.DrainRefusal = new AdminFault(409, "min_available", "m needs 2 ready replicas, 1 would be left.", ["m: 2 ready"]);

        var drain = await _admin.RunAsync("drain", "a");
        Assert.Equal((ExitCodes.Refused, ""), (drain.ExitCode, drain.Output));
        Assert.Contains("1 would be left.", drain.Error);
        Assert.Contains("m: 2 ready", drain.Error);

        var preview = await _admin.RunAsync("drain", "a", "--dry-run", "-o", "json");
        Assert.Equal(ExitCodes.Refused, preview.ExitCode);
        Assert.False((bool)JsonNode.Parse(preview.Output)!["allowed"]!);
    }

    [Fact]
    public async Task ApplyDiff_File_TellsWhatChanges()
    {
        var file = _admin.Write("grid.yaml", Config);
        Assert.Equal((ExitCodes.Failed, "+ model m\n", ""), await _admin.RunAsync("diff", "-f", file));
        var applied = await _admin.RunAsync("apply", "-f", file, "--wait");
        Assert.Equal((ExitCodes.Done, "configuration 1 applied: 1 models\n"), (applied.ExitCode, applied.Output));
        Assert.Equal((ExitCodes.Done, "No difference to configuration 1.\n", ""), await _admin.RunAsync("diff", "-f", file));

        await _admin.RunAsync("scale", "m", "--replicas", "4");
        var scaled = await _admin.RunAsync("diff", "-f", file);
        Assert.Equal((ExitCodes.Failed, "! model m is scaled to 4, its configuration says 2\n"), (scaled.ExitCode, scaled.Output));

        var other =
            _admin.Write("other.yaml", Config.Replace("source: sim, replicas: 2", "source: ./x, replicas: 3", StringComparison.Ordinal));
        var preview = await _admin.RunAsync("apply", "-f", other, "--dry-run");
        Assert.Equal(ExitCodes.Done, preview.ExitCode);
        Assert.Contains("~ model m (rollout)\n", preview.Output);
        Assert.Contains($"    source: sim -> {_admin.Folder}/x\n", preview.Output);
        Assert.Equal("sim", _admin.Grid.Models["m"].Source);
    }

    [Fact]
    public async Task Apply_FaultyFile_TellsAllAndIsTwo()
    {
        var file = _admin.Write("grid.yaml", "apiVersion: grid/v1\nkind: Grid\nmodls: []\nmodels: [{name: m, source: sim}]\n");

        var result = await _admin.RunAsync("apply", "-f", file);

        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("\ngrid.yaml:3:1: modls: unknown key; the nearest known one is models.\n", result.Error);
        Assert.Contains("\ngrid.yaml:4:10: models[0].replicas: exactly one of", result.Error);
        Assert.Equal(ExitCodes.Usage, (await _admin.RunAsync("apply", "-f", "no-such-file")).ExitCode);
    }

    [Fact]
    public async Task ScaleDelete_Model_GoThrough()
    {
        await _admin.RunAsync("apply", "-f", _admin.Write("grid.yaml", Config));

        Assert.Equal("model/m scaled to 3\n", (await _admin.RunAsync("scale", "m", "--replicas", "3", "--wait")).Output);
        var refused = await _admin.RunAsync("scale", "m", "--replicas", "101");
        Assert.Equal(ExitCodes.Refused, refused.ExitCode);
        Assert.Contains("need 200 GiB", refused.Error);
        Assert.Equal(ExitCodes.NotFound, (await _admin.RunAsync("scale", "x", "--replicas", "1")).ExitCode);
        Assert.Equal(ExitCodes.Usage, (await _admin.RunAsync("scale", "m")).ExitCode);
        Assert.Equal("model/m deleted\n", (await _admin.RunAsync("delete", "m", "--wait")).Output);
    }

    [Fact]
    public async Task Rollout_HistoryUndo_BringsTheFormerBack()
    {
        await _admin.RunAsync("apply", "-f", _admin.Write("grid.yaml", Config));
        await _admin.RunAsync("apply", "-f",
            _admin.Write("grid.yaml", Config.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal)));

        var history = (await _admin.RunAsync("rollout", "history", "m")).Output;
        Assert.Matches(@"1 .* added\n2 .* in place: minAvailable: 1 -> 2, replicas: 2 -> 3\n$", history);
        Assert.Equal("model/m rolled back (configuration 3)\n", (await _admin.RunAsync("rollout", "undo", "m", "--wait")).Output);
        Assert.Equal(2, _admin.Grid.Models["m"].Replicas);
        Assert.Equal("model/m Ready: 2 of 2 ready, revision sha256:1\n", (await _admin.RunAsync("rollout", "status", "m")).Output);
        Assert.Equal(ExitCodes.NotFound, (await _admin.RunAsync("rollout", "undo", "x")).ExitCode);
        _admin.Grid.ModelState = "Failed";
        Assert.Equal(ExitCodes.Failed, (await _admin.RunAsync("rollout", "status", "m")).ExitCode);
    }

    [Theory]
    [InlineData("nodes=2", 0)]
    [InlineData("model=m:Ready", 0)]
    [InlineData("model=m:ready", 0)]
    [InlineData("node=a:Ready", 0)]
    [InlineData("nodes=3", 7)]
    [InlineData("node=a:Drained", 7)]
    [InlineData("model=x:Ready", 7)]
    [InlineData("nodes=many", 2)]
    [InlineData("model=m", 2)]
    [InlineData("model=m:Fine", 2)]
    [InlineData("pods=3", 2)]
    public async Task Wait_Condition_EndsWithItsCode(string condition, int expected)
    {
        await _admin.RunAsync("apply", "-f", _admin.Write("grid.yaml", Config));

        Assert.Equal(expected, (await _admin.RunAsync("wait", $"--for={condition}", "--timeout", "500ms")).ExitCode);
    }

    [Fact]
    public async Task Wait_GridThatComesLater_IsWaitedFor()
    {
        var endpoints = Path.Combine(_admin.Folder, "endpoints.json");
        File.Move(endpoints, endpoints + ".later");
        var wait = _admin.RunAsync("wait", "--for=nodes=2", "--timeout", "20s");
        Assert.False(wait.IsCompleted);
        File.Move(endpoints + ".later", endpoints);

        Assert.Equal(ExitCodes.Done, (await wait).ExitCode);
        Assert.Equal(ExitCodes.Unreachable,
            (await InProcess.RunAsync("wait", "--for=nodes=2", "--timeout", "400ms", "--data-dir",
            Path.Combine(_admin.Folder, "none"))).ExitCode);
    }

    [Fact]
    public async Task EventsDescribeStatus_Grid_AreShown()
    {
        await _admin.RunAsync("apply", "-f", _admin.Write("grid.yaml", Config));
        await _admin.Grid.Record("Warning", "NodeDead", "node/b", "no heartbeat", "grid");

        Assert.Matches(@"Warning +NodeDead +node/b +1 +grid +no heartbeat", (await _admin.RunAsync("events")).Output);
        Assert.Equal("NodeDead", (string?)JsonNode.Parse((await _admin.RunAsync("events", "-o", "json")).Output)!["reason"]);
        Assert.DoesNotContain("NodeDead", (await _admin.RunAsync("events", "--since", "10m")).Output);
        var node = JsonNode.Parse((await _admin.RunAsync("describe", "node", "b", "-o", "json")).Output)!;
        Assert.Equal(("b", "NodeDead"), ((string?)node["name"], (string?)node["events"]![0]!["reason"]));
        Assert.Contains("NodeDead", (await _admin.RunAsync("describe", "node", "b")).Output);
        Assert.Equal("Replica",
            (string?)JsonNode.Parse((await _admin.RunAsync("describe", "replica", "m/r1", "-o", "json")).Output)!["kind"]);
        Assert.Equal(ExitCodes.NotFound, (await _admin.RunAsync("describe", "replica", "m/r7")).ExitCode);
        Assert.Equal(ExitCodes.Usage, (await _admin.RunAsync("describe", "pod", "m")).ExitCode);
        var status = await _admin.RunAsync("status", "-o", "wide");
        Assert.Contains("grid/prod: configuration 1 (observed 1), store embedded Healthy, nodes 2 of 2 ready", status.Output);
        Assert.Matches(@"\nm +Ready +2/2 +5 +0 +0 +12 ?% +- +1 +sha256:1", status.Output);
        Assert.Matches(@"\nm/r0/dp0 +a +Ready +7 +3 +0 +65536 +16\.00x", status.Output);
    }

    [Fact]
    public async Task TokenCreate_Line_IsTheTokenAlone()
    {
        Assert.Equal((0, "token-3600-2\n", ""), await _admin.RunAsync("token", "create", "--ttl", "1h", "--uses", "2"));
        Assert.Equal((0, "token--\n", ""), await _admin.RunAsync("token", "create"));
        Assert.Equal("token--", (string?)JsonNode.Parse((await _admin.RunAsync("token", "create", "-o", "json")).Output)!["token"]);
    }

    [Fact]
    public async Task AnyVerb_KeyOrGridMissing_HasItsCode()
    {
        Assert.Equal(ExitCodes.Done, (await InProcess.RunAsync("nodes", "--server", _admin.Url, "--key-file", _admin.KeyFile)).ExitCode);
        Assert.Equal(ExitCodes.Unauthorized,
            (await InProcess.RunAsync("nodes", "--server", _admin.Url, "--key-file", _admin.Write("wrong", "x"))).ExitCode);
        Assert.Equal(ExitCodes.Unauthorized,
            (await InProcess.RunAsync("nodes", "--server", _admin.Url, "--key-file", "/no/such/file")).ExitCode);
        Assert.Equal(ExitCodes.Unreachable,
            (await InProcess.RunAsync("nodes", "--server", "http://127.0.0.1:1", "--key-file", _admin.KeyFile)).ExitCode);
        Assert.Equal(ExitCodes.Unreachable, (await InProcess.RunAsync("nodes", "--data-dir", "/no/such/folder")).ExitCode);
        Assert.Equal(ExitCodes.Usage, (await InProcess.RunAsync("nodes", "--server", "ftp://x", "--key-file", _admin.KeyFile)).ExitCode);
        _admin.Grid.Trouble = new TimeoutException("late");
        Assert.Equal(ExitCodes.Unreachable, (await _admin.RunAsync("nodes")).ExitCode);
    }

    [Fact]
    public async Task Serve_FolderOfALiveGrid_DeploysThere()
    {
        var served = await InProcess.RunAsync("serve", "sim", "--served-model-name", "fake", "f", "--max-model-len", "2k",
            "--no-enable-prefix-caching", "--seed", "7", "--data-dir", _admin.Folder);

        Assert.Equal((ExitCodes.Done, "grid: deployed model=fake\n"), (served.ExitCode, served.Output));
        var model = _admin.Grid.LastDeployed!;
        Assert.Equal(("fake", "sim", 1), (model.Name, model.Source, model.Replicas));
        Assert.Equal(["f"], model.Aliases!);
        Assert.Equal(new Dictionary<string, string> { ["maxModelLen"] = "2048", ["enablePrefixCaching"] = "false", ["seed"] = "7" },
            model.Engine);
    }

    [Fact]
    public async Task Serve_ServerGiven_DeploysByTheNameAsTyped()
    {
        var served =
            await InProcess.RunAsync("serve", "./models/Tiny.Q4.gguf", "--server", _admin.Url, "--key-file", _admin.KeyFile, "-tp", "2");

        Assert.Equal((ExitCodes.Done, "grid: deployed model=./models/Tiny.Q4.gguf\n"), (served.ExitCode, served.Output));
        var model = _admin.Grid.LastDeployed!;
        Assert.Equal((Path.GetFullPath("models/Tiny.Q4.gguf"), new ParallelismSpec(false, 2)), (model.Source, model.Parallelism));
        Assert.Equal(("./models/Tiny.Q4.gguf", null), (model.Name, model.Aliases));
        Assert.Equal(ExitCodes.Usage,
            (await InProcess.RunAsync("serve", "sim", "--device", "cpu", "--server", _admin.Url, "--key-file", _admin.KeyFile)).ExitCode);
    }
}
