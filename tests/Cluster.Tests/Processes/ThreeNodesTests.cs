using System.Net.Http.Json;
using System.Text.Json;
using Grid.Abstractions;

namespace Grid.Cluster.Tests.Processes;

/// <summary>Three nodes and a second gateway, as real processes on the embedded store.</summary>
[Collection("processes")]
public sealed class ThreeNodesTests
{
    private const string Config = """
        apiVersion: grid/v1
        kind: Grid
        metadata: {name: prod}
        models:
        - name: fake
          source: sim
          replicas: 2
          sim: {load: 100ms, step: 2ms}
        """;

    [Fact]
    public async Task Grid_ThreeNodesAndAKill_AnswersThroughBothGateways()
    {
        await using var bed = new GridBed();
        await bed.StartAsync("a", "up", "--head", "--device", "sim:1x3GiB");
        await bed.JoinAsync("b", "a", "up", "--device", "sim:1x3GiB");
        await bed.JoinAsync("c", "a", "up", "--device", "sim:1x3GiB");
        await bed.JoinAsync("g", "a", "gateway");
        await GridBed.RunAsync($"wait --for=nodes=3 --timeout 60s --data-dir {bed.Folder("a")}");
        await GridBed.RunAsync($"apply -f {bed.Write("grid.yaml", Config)} --data-dir {bed.Folder("a")}");
        await GridBed.RunAsync($"wait --for=model=fake:Ready --timeout 60s --data-dir {bed.Folder("a")}");

        var text = await CompleteAsync(bed, "a");
        Assert.Equal(8, GridBed.Words(text).Length);
        Assert.Equal(text, await CompleteAsync(bed, "g"));

        var victim = (await NodesAsync(bed)).First(node => node.Name is "b" or "c" && node.Shards > 0).Name;
        bed[victim].Signal("KILL");
        await GridBed.WaitForAsync(async () => (await NodesAsync(bed)).Single(node => node.Name == victim).State == "Dead",
            $"{victim} is Dead");
        await GridBed.WaitForAsync(async () => (await NodesAsync(bed)).Sum(node => node.Shards) == 2,
            "both replicas stand on the nodes that are left");
        Assert.Equal(text, await CompleteAsync(bed, "g"));

        // Its certificate admits it; no token is needed again.
        await bed.StartAsync(victim, "up", "--device", "sim:1x3GiB", "--join", bed.Endpoint("a", "join"));
        await GridBed.RunAsync($"wait --for=nodes=3 --timeout 60s --data-dir {bed.Folder("a")}");
        bed[victim].Signal("TERM");
        Assert.Equal(ExitCodes.Done, await bed[victim].WaitForExitAsync());
        bed["g"].Signal("TERM");
        Assert.Equal(ExitCodes.Done, await bed["g"].WaitForExitAsync());
    }

    [Fact]
    public async Task Head_KilledAndStartedAgain_HasWhatWasAskedFor()
    {
        await using var bed = new GridBed();
        await bed.StartAsync("a", "up", "--head", "--device", "sim:1x8GiB");
        await GridBed.RunAsync($"apply -f {bed.Write("grid.yaml", Config)} --data-dir {bed.Folder("a")}");
        await GridBed.RunAsync($"wait --for=model=fake:Ready --timeout 60s --data-dir {bed.Folder("a")}");
        var text = await CompleteAsync(bed, "a");
        var epoch = await EpochAsync(bed);

        bed["a"].Signal("KILL");
        await bed["a"].WaitForExitAsync();
        await bed.StartAsync("a", "up", "--head", "--device", "sim:1x8GiB");
        await GridBed.RunAsync($"wait --for=model=fake:Ready --timeout 60s --data-dir {bed.Folder("a")}");

        Assert.Equal(text, await CompleteAsync(bed, "a"));
        Assert.True(await EpochAsync(bed) > epoch);
    }

    private static async Task<string> CompleteAsync(GridBed bed, string gateway)
    {
        using var answer = await bed.Http.PostAsJsonAsync(
            new Uri(bed.Endpoint(gateway, "http") + "/v1/completions"),
            new { model = "fake", prompt = "go", max_tokens = 8, temperature = 0 }, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement.GetProperty("choices")[0].GetProperty("text").GetString()!;
    }

    private static async Task<(string Name, string State, int Shards)[]> NodesAsync(GridBed bed) =>
        [.. (await bed.AdminAsync("a", "/admin/v1/nodes")).GetProperty("items").EnumerateArray().Select(node => (
            node.GetProperty("name").GetString()!,
            node.GetProperty("state").GetString()!,
            node.GetProperty("shards").EnumerateArray().Count(shard => shard.GetProperty("state").GetString() == "Ready")))];

    private static async Task<long> EpochAsync(GridBed bed) =>
        (await bed.AdminAsync("a", "/admin/v1/nodes")).GetProperty("items").EnumerateArray()
        .SelectMany(node => node.GetProperty("shards").EnumerateArray()).Max(shard => shard.GetProperty("epoch").GetInt64());
}
