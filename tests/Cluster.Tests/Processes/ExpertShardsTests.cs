using System.Globalization;
using System.Text.Json;
using Grid.TestUtilities;
using Grid.TestUtilities.Load;

namespace Grid.Cluster.Tests.Processes;

/// <summary>
/// Expert shards on other nodes than their ranks, under fifty streams: an expert shard's node dies, then a rank comes and goes. No request
/// fails, and the replica's epoch, which a lost rank would raise, stays.
/// </summary>
[Collection("processes")]
public sealed class ExpertShardsTests
{
    private const int Concurrency = 50;
    private const int Kinds = 10;
    private const int Tokens = 100;
    private const string Stalls = "grid:expert_stall_seconds";

    // Of the shards of this model a rank has 17,057 KiB and an expert shard 432 KiB.
    private const string RoomForTwoRanks = "cpu:34200KiB";
    private const string RoomForARank = "cpu:17200KiB";
    private const string RoomForAnExpertShard = "cpu:600KiB";

    [Fact]
    public async Task Replica_WhoseExpertNodeDiesAndWhoseRanksComeAndGo_FailsNoRequest()
    {
        await using var bed = new GridBed();
        await bed.StartAsync("a", "up", "--head", "--device", RoomForTwoRanks);
        await Task.WhenAll(((string[])["b", "c", "d"]).Select(name => bed.JoinAsync(name, "a", "up", "--device", RoomForAnExpertShard)));
        await ApplyAsync(bed, data: 2);
        await GridBed.RunAsync($"wait --for=model=moe:Ready --timeout 90s --data-dir {bed.Folder("a")}");
        var before = await ReplicaAsync(bed);
        Assert.Equal(["dp0 on a", "dp1 on a"], before.Ranks);

        var gateway = new Uri(bed.Endpoint("a", "http"));
        var settings = new LoadSettings { Gateways = [gateway], Requests = Request(null), Concurrency = Concurrency };
        var unbroken = await LoadDriver.RunAsync(settings, Kinds);
        Assert.Equal(Kinds, unbroken.Ok);
        var expected = unbroken.Outcomes.OrderBy(outcome => outcome.Number).Select(outcome => outcome.Answer!).ToArray();

        await using var load = LoadDriver.Start(settings with { Requests = Request(expected) });
        await GridBed.WaitForAsync(() => Task.FromResult(load.Streaming > Concurrency * 6 / 10), "most streams run");
        var (shard, node) = (await ExpertsAsync(bed)).First(place => place.Node != "a");
        bed[node].Signal("KILL");
        await GridBed.WaitForAsync(async () => (await ExpertsAsync(bed)).Any(place => place.Shard == shard && place.Node != node),
            $"{shard} is placed anew");
        await MoreAsync(load, "after the kill");
        var stalled = await GatewayMetrics.SumAsync(bed.Http, gateway, Stalls);
        Assert.True(stalled > 0, "void: no step waited for the lost expert shard");

        await bed.JoinAsync("e", "a", "up", "--device", RoomForARank);
        await ApplyAsync(bed, data: 3);
        await GridBed.WaitForAsync(async () => (await ReplicaAsync(bed)).Ranks.Contains("dp2 on e"), "the third rank is ready");
        await MoreAsync(load, "with a third rank");

        bed["e"].Signal("KILL");
        await GridBed.WaitForAsync(async () => (await ReplicaAsync(bed)).Ranks.Length == 2, "the third rank is lost");
        await MoreAsync(load, "after its node was killed");
        var resumed = await GatewayMetrics.ReadAsync(bed.Http, gateway, GatewayMetrics.Resumes);
        Assert.True(resumed > 0, "void: the lost rank had no stream");
        await bed.JoinAsync("f", "a", "up", "--device", RoomForARank);
        await GridBed.WaitForAsync(async () => (await ReplicaAsync(bed)).Ranks.Contains("dp2 on f"), "the third rank is placed anew");
        await MoreAsync(load, "with the third rank again");
        await ApplyAsync(bed, data: 2);
        await GridBed.WaitForAsync(async () => (await ReplicaAsync(bed)).Ranks.Length == 2, "the third rank is gone");
        await MoreAsync(load, "without it");

        var after = await ReplicaAsync(bed);
        Assert.Equal((before.Epoch, 2), (after.Epoch, after.Ranks.Length));
        var report = await load.StopAsync();
        var told = string.Create(CultureInfo.InvariantCulture,
            $"expert shard {shard} on {node} killed, a rank added, lost with its node, placed anew and removed: "
            + $"{report.Tell(resumed, bed.CpuTime)}; steps waited {stalled:0.00} s for experts");
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        Assert.True(report.Failed == 0 && report.Sent == report.Ok, told);
    }

    private static async Task ApplyAsync(GridBed bed, int data)
    {
        var file = bed.Write("grid.yaml", $$"""
            apiVersion: grid/v1
            kind: Grid
            metadata: {name: moe}
            models:
            - name: moe
              source: {{Fixtures.Own("hf/qwen3-moe")}}
              replicas: 1
              parallelism: {tensor: 1, pipeline: 1, data: {{data}}, expert: 2}
              engine: {dtype: float32, cpuThreads: 1, numGpuBlocksOverride: 512, maxModelLen: 160}
            """);
        await GridBed.RunAsync($"apply -f {file} --data-dir {bed.Folder("a")}");
    }

    private static async Task MoreAsync(LoadDriver load, string when)
    {
        var seen = load.Outcomes.Count;
        await GridBed.WaitForAsync(() => Task.FromResult(load.Outcomes.Count > seen + Concurrency), $"streams end {when}");
    }

    private static async Task<(long Epoch, string[] Ranks)> ReplicaAsync(GridBed bed)
    {
        var replica = (await bed.AdminAsync("a", "/admin/v1/status")).GetProperty("models")[0].GetProperty("replicas").EnumerateArray()
            .Single();
        string[] ranks = [
            .. replica.GetProperty("ranks").EnumerateArray().Where(rank => Text(rank, "state") == "Ready")
            .Select(rank => $"{Text(rank, "id").Split('/')[^1]} on {Text(rank, "node")}")];
        return (replica.GetProperty("epoch").GetInt64(), ranks);
    }

    private static async Task<(string Shard, string Node)[]> ExpertsAsync(GridBed bed)
    {
        var nodes = (await bed.AdminAsync("a", "/admin/v1/nodes")).GetProperty("items").EnumerateArray()
            .Where(node => Text(node, "state") != "Dead");
        return
        [
            .. from node in nodes
               from shard in node.GetProperty("shards").EnumerateArray()
               where Text(shard, "id").Contains("/ep", StringComparison.Ordinal) && Text(shard, "state") == "Ready"
               select (Text(shard, "id"), Text(node, "name")),
        ];
    }

    private static Func<int, LoadRequest> Request(ExpectedAnswer[]? expected) => number =>
        LoadRequests.Make("moe", $"request {number % Kinds}", Tokens, isChat: false, isStream: true, expected?[number % Kinds]);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
