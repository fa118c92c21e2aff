using System.Text.Json;
using Grid.Cluster.Tests.Processes;

namespace Grid.Cluster.Tests.Chaos;

/// <summary>A Redis that goes away, and comes back with what it knew or with nothing; and a grid of which every process dies.</summary>
[Collection("processes")]
public sealed class StoreTests
{
    [Fact]
    public async Task Redis_RestartedWithItsFileThenEmpty_StreamsGoOnAndTheGridRebuilds()
    {
        await using var grid = await ChaosGrid.StartAsync();
        await using var load = grid.Load();
        await grid.WaitForStreamsAsync(load);
        var before = (await grid.RanksAsync()).Max(rank => rank.Epoch);

        // While the store is away a silo dies, and its streams go on.
        await grid.Redis.KillAsync();
        var resumes = await grid.BreakAsync(load, "b", () => grid.Bed["b"].Signal("KILL"));
        await grid.WaitForResumeAsync(resumes);
        await grid.Redis.StartAsync();
        await grid.WaitForReplicasAsync(3, "b");
        await grid.StartAsync("b");
        await grid.WaitForNodesAsync();
        var placed = (await grid.RanksAsync()).Max(rank => rank.Epoch);
        Assert.True(placed > before, $"epoch {placed} after {before}");

        await grid.WaitForStreamsAsync(load);
        int[] processes = [.. ChaosGrid.Silos.Select(name => grid.Bed[name].Id)];
        await grid.Redis.KillAsync(withFiles: true);
        await grid.Redis.StartAsync();
        await grid.WaitForAsync(
            () => Task.FromResult(
            ChaosGrid.Silos.All(name => grid.Bed[name].Error.Contains("Rejoined the cluster", StringComparison.Ordinal))),
                "each silo is a member again");
        await grid.WaitForNodesAsync();
        await grid.WaitForReplicasAsync(3);
        Assert.Equal(processes, ChaosGrid.Silos.Select(name => grid.Bed[name].Id));
        Assert.All(ChaosGrid.Silos, name => Assert.True(grid.Bed[name].IsRunning));

        // What is placed from now on is above all that the lost store had given out.
        await grid.KillAsync(load, "c", replicas: 3);
        Assert.True((await grid.RanksAsync()).Max(rank => rank.Epoch) > placed);
        await grid.StartAsync("c");
        await grid.WaitForNodesAsync();
        await grid.EndAsync(load, "Redis away while a silo dies, then empty");
    }

    [Fact]
    public async Task Grid_EveryProcessKilled_ComesBackAsAskedFor()
    {
        await using var grid = await ChaosGrid.StartAsync();
        var folder = grid.Bed.Folder("g1");
        long before;
        await using (var load = grid.Load(tokens: 4000))
        {
            await grid.WaitForStreamsAsync(load);
            await GridBed.RunAsync($"cordon c --data-dir {folder}");
            await GridBed.RunAsync($"scale {ChaosGrid.Model} --replicas 2 --data-dir {folder}");
            await GridBed.RunAsync($"drain b --timeout 600s --no-wait --data-dir {folder}");
            await grid.WaitForAsync(async () => await DrainAsync(grid) == "Running", "the drain runs");
            before = (await grid.RanksAsync()).Max(rank => rank.Epoch);
            foreach (var name in (string[])["g1", "g2", "c", "b", "a"]) grid.Bed[name].Signal("KILL");
        }

        foreach (var name in (string[])["a", "b", "c", "g1", "g2"]) await grid.Bed[name].WaitForExitAsync();
        await grid.StartAsync("a");
        await Task.WhenAll(grid.StartAsync("b"), grid.StartAsync("c"), grid.StartAsync("g1"), grid.StartAsync("g2"));
        await grid.WaitForNodesAsync();
        await grid.WaitForAsync(async () => await DrainAsync(grid) == "Succeeded", "the drain is done");
        await grid.WaitForReplicasAsync(2, "b", "c");
        var nodes = (await grid.Bed.AdminAsync("g1", "/admin/v1/nodes")).GetProperty("items").EnumerateArray()
            .ToDictionary(node => node.GetProperty("name").GetString()!);
        Assert.True(nodes["c"].GetProperty("cordoned").GetBoolean());
        Assert.Equal("Drained", nodes["b"].GetProperty("state").GetString());
        Assert.All(await grid.RanksAsync(), rank => Assert.True(rank.Epoch > before, $"epoch {rank.Epoch} after {before}"));
    }

    private static async Task<string> DrainAsync(ChaosGrid grid)
    {
        foreach (var operation in (await grid.StatusAsync()).GetProperty("operations").EnumerateArray())
            if (Text(operation, "kind") == "Drain") return Text(operation, "state");
        return "";
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
