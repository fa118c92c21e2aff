using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Grid.Engine.Offline;
using Grid.Engine.Requests;
using Grid.Primitives.Options;
using Grid.TestUtilities;

namespace Grid.Cluster.Tests.Processes;

/// <summary>One rank over three silos: its shards find each other over the data plane, and give what one device gives.</summary>
[Collection("processes")]
public sealed partial class SpreadRankTests
{
    private const int MaxTokens = 120;
    private const string Prompt = "one two three";

    // Room for one shard on each node, and not for two.
    private const string Device = "cpu:700KiB";

    [Fact]
    public async Task Rank_OverThreeSilos_GivesTheTokensOfOneDeviceOutlivesANodeAndNamesOneThatStandsStill()
    {
        await using var bed = new GridBed();
        await bed.StartAsync("a", "up", "--head", "--device", Device);
        await bed.JoinAsync("b", "a", "up", "--device", Device);
        await bed.JoinAsync("c", "a", "up", "--device", Device);
        await GridBed.RunAsync($"wait --for=nodes=3 --timeout 60s --data-dir {bed.Folder("a")}");
        await GridBed.RunAsync($"apply -f {bed.Write("grid.yaml", Config())} --data-dir {bed.Folder("a")}");
        await GridBed.RunAsync($"wait --for=model=deep:Ready --timeout 90s --data-dir {bed.Folder("a")}");
        Assert.Equal(3, (await PlacesAsync(bed)).Values.Distinct().Count());
        await DoctorAsync(bed);

        var expected = OneDevice();
        Assert.Equal(expected, await CompleteAsync(bed));

        // A pipeline stage dies under a request: it waits for the node, and goes on with no token lost.
        var request = CompleteAsync(bed);
        await GridBed.WaitForAsync(
            async () => (await bed.AdminAsync("a", "/admin/v1/status")).GetProperty("models")[0].GetProperty("running").GetInt32() == 1,
            "the request runs");
        bed["c"].Signal("KILL");
        await bed["c"].WaitForExitAsync();
        await bed.StartAsync("c", "up", "--device", Device, "--join", bed.Endpoint("a", "join"));
        Assert.Equal(expected, await request);
        await StandStillAsync(bed);
    }

    /// <summary>All nodes are measured, and are one host here.</summary>
    private static async Task DoctorAsync(GridBed bed)
    {
        var rows =
            JsonDocument.Parse(
            (await GridBed.RunAsync($"doctor net -o json --data-dir {bed.Folder("a")}")).Output).RootElement.EnumerateArray()
                .ToLookup(row => row.GetProperty("check").GetString()!);
        Assert.EndsWith("on a, b, c", Assert.Single(rows["files"]).GetProperty("detail").GetString());
        Assert.Equal(["a", "b", "c"], rows["devices"].Select(row => row.GetProperty("target").GetString()!));
        Assert.Equal(["a -> b", "a -> c", "b -> a", "b -> c", "c -> a", "c -> b"],
            rows["link"].Select(row => row.GetProperty("target").GetString()!));
        Assert.All(rows["link"],
            row => Assert.Matches(@"^Unix socket, round trip [\d.]+ us, [\d.]+ GB/s", row.GetProperty("detail").GetString()));
    }

    /// <summary>Operation, step and rank are named in the log, in an event, and for probes.</summary>
    private static async Task StandStillAsync(GridBed bed)
    {
        var places = await PlacesAsync(bed);
        var (driver, still) = (places["deep/r0/dp0/pp0/tp0"], places["deep/r0/dp0/pp1/tp0"]);
        Assert.NotEqual("a", still);
        var before = await FailuresAsync(bed);
        bed[still].Signal("STOP");
        // Its client waits for the next replica, which is no matter here.
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var request = bed.Http.PostAsJsonAsync(new Uri(bed.Endpoint("a", "http") + "/v1/completions"),
            new { model = "deep", prompt = Prompt, max_tokens = 8 }, gone.Token);

        // Told while it waits: a node that stands still may be declared dead, and its replica taken away, before the deadline.
        string[] waits = [];
        await GridBed.WaitForAsync(async () => (waits = await EventsAsync(bed, "RankStalled")).Length > 0,
            "the event of the rank that waits");
        var waited = Waits().Match(waits[^1]);
        Assert.True(waited.Success, waits[^1]);
        Assert.Equal(still, waited.Groups["node"].Value);
        Assert.Contains(waited.Value, bed[driver].Error);

        string[] failures = before;
        await GridBed.WaitForAsync(async () => (failures = await FailuresAsync(bed)).Length > before.Length,
            "the event of the failed replica");
        var found = TimedOut().Match(failures[^1]);
        Assert.True(found.Success, failures[^1]);
        Assert.Equal(still, found.Groups["node"].Value);
        Assert.Contains(found.Value, bed[driver].Error);
        // Without the key, as an orchestrator asks.
        Assert.Contains(found.Value,
            await bed.Http.GetStringAsync(new Uri(bed.Endpoint(driver, "admin") + "/readyz?verbose"),
            TestContext.Current.CancellationToken));

        bed[still].Signal("CONT");
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task Rank_OfAutoThatFitsNoDevice_IsDividedOverNodesByThePlanner()
    {
        // A mixture of experts whose weights are 18 MiB in float32: too much for a node, and not for two.
        const string TooSmall = "cpu:12MiB";
        var engine = new EngineOptions { DType = ModelDType.Float32, CpuThreads = 1, NumGpuBlocksOverride = 16, MaxModelLen = 160 };
        await using var bed = new GridBed();
        await bed.StartAsync("a", "up", "--head", "--device", TooSmall);
        await bed.JoinAsync("b", "a", "up", "--device", TooSmall);
        await GridBed.RunAsync($"wait --for=nodes=2 --timeout 60s --data-dir {bed.Folder("a")}");
        await GridBed.RunAsync(
            $"apply -f {bed.Write("grid.yaml", Config(Fixtures.Model("guide-moe"), "auto", 16))} --data-dir {bed.Folder("a")}");
        await GridBed.RunAsync($"wait --for=model=deep:Ready --timeout 90s --data-dir {bed.Folder("a")}");

        var replica = (await bed.AdminAsync("a", "/admin/v1/status")).GetProperty("models")[0].GetProperty("replicas")[0];
        Assert.Equal((1, 2),
            (replica.GetProperty("strategy").GetProperty("tensor").GetInt32(),
            replica.GetProperty("strategy").GetProperty("pipeline").GetInt32()));
        Assert.Equal([2, 2], replica.GetProperty("pipelineLayers").EnumerateArray().Select(layers => layers.GetInt32()));
        Assert.StartsWith("One device is too small: a device needs ", replica.GetProperty("reasons")[0].GetString(),
            StringComparison.Ordinal);
        Assert.Equal(2, (await PlacesAsync(bed)).Values.Distinct().Count());
        Assert.Equal(OneDevice(Fixtures.Model("guide-moe"), engine), await CompleteAsync(bed));
    }

    private static string Config() => Config(Fixtures.Own("hf/gpt2"), "{tensor: 1, pipeline: 3}", 32);

    private static string Config(string source, string parallelism, int blocks) => $$"""
        apiVersion: grid/v1
        kind: Grid
        metadata: {name: deep}
        models:
        - name: deep
          source: {{source}}
          replicas: 1
          parallelism: {{parallelism}}
          engine: {dtype: float32, cpuThreads: 1, numGpuBlocksOverride: {{blocks}}, maxModelLen: 160, collectiveTimeout: 6s}
        """;

    private static int[] OneDevice() =>
        OneDevice(Fixtures.Own("hf/gpt2"),
        new() { DType = ModelDType.Float32, CpuThreads = 1, NumGpuBlocksOverride = 32, MaxModelLen = 160 });

    private static int[] OneDevice(string model, EngineOptions options)
    {
        using var llm = new LLM(model, options);
        return [.. llm.Generate(Prompt,
            new SamplingParams { Temperature = 0, MaxTokens = MaxTokens, IgnoreEos = true })[0].Outputs[0].TokenIds];
    }

    private static async Task<int[]> CompleteAsync(GridBed bed)
    {
        using var answer = await bed.Http.PostAsJsonAsync(
            new Uri(bed.Endpoint("a", "http") + "/v1/completions"),
            new { model = "deep", prompt = Prompt, max_tokens = MaxTokens, temperature = 0, ignore_eos = true, return_token_ids = true },
            TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, body);
        return [.. JsonDocument.Parse(body).RootElement.GetProperty("choices")[0].GetProperty("token_ids").EnumerateArray()
            .Select(id => id.GetInt32())];
    }

    private static Task<string[]> FailuresAsync(GridBed bed) => EventsAsync(bed, "ReplicaFailed");

    private static async Task<string[]> EventsAsync(GridBed bed, string reason) =>
        [.. (await GridBed.RunAsync($"events -o json --data-dir {bed.Folder("a")}")).Output.Split('\n')
        .Where(line => line.Contains(reason, StringComparison.Ordinal))];

    private static async Task<Dictionary<string, string>> PlacesAsync(GridBed bed) =>
        (await bed.AdminAsync("a", "/admin/v1/nodes")).GetProperty("items").EnumerateArray()
        .SelectMany(
        node => node.GetProperty("shards").EnumerateArray()
            .Select(shard => (Shard: shard.GetProperty("id").GetString()!, Node: node.GetProperty("name").GetString()!)))
        .ToDictionary(place => place.Shard, place => place.Node);

    [GeneratedRegex(@"receive at step \d+ timed out after 6 s: waiting for shard pp1/tp0 \((?<node>\w+)\)")]
    private static partial Regex TimedOut();

    [GeneratedRegex(@"receive at step \d+ is waiting for shard pp1/tp0 \((?<node>\w+)\)")]
    private static partial Regex Waits();
}
