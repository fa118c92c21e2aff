using Grid.TestUtilities;
using Grid.TestUtilities.Load;

namespace Grid.Cluster.Tests.Chaos;

/// <summary>The same failures with weights: the unbroken run is recorded first.</summary>
[Collection("processes")]
public sealed class RealEngineTests
{
    private const int Requests = 12;
    private const int Tokens = 300;

    private static readonly string[] Contents =
    [
        "What is a grid?", "Tell me of a river.", "How does one bake bread?", "Why is the sky blue?", "Name some birds.", "What is a token?",
    ];

    [Fact]
    public async Task Failures_RealEngine_TokensAreThoseOfTheUnbrokenRun()
    {
        var model = Fixtures.Model("guide");
        await using var grid = await ChaosGrid.StartAsync($"{{name: guide, source: '{model}', replicas: 3}}", false, "--device", "cpu:1GiB", "--cpu-threads", "1");
        var concurrency = ChaosGrid.IsFull ? 12 : 6;
        var unbroken = await LoadDriver.RunAsync(new LoadSettings { Gateways = [grid.Gateways[0]], Requests = Request(null), Concurrency = concurrency }, Requests);
        Assert.Equal(Requests, unbroken.Ok);
        var expected = unbroken.Outcomes.OrderBy(outcome => outcome.Number).Select(outcome => outcome.Answer!).ToArray();

        await using var load = grid.Load(requests: Request(expected), concurrency: concurrency);
        await BreakAsync(grid, node => grid.Bed[node].Signal("KILL"));
        if (ChaosGrid.IsFull)
        {
            await BreakAsync(grid, node => grid.Bed[node].Signal("STOP"));
            await BreakAsync(grid, _ => grid.LinkToC.Drop(), "c");
        }

        await grid.EndAsync(load, "real engine on models/guide");
    }

    private static async Task BreakAsync(ChaosGrid grid, Action<string> fault, string? where = null)
    {
        var node = "";
        await grid.WaitForAsync(async () =>
        {
            foreach (var name in ChaosGrid.Silos)
                if (node.Length == 0 && (where ?? name) == name && await grid.StreamsAsync(name) > 1) node = name;
            return node.Length > 0;
        }, $"streams run at {where ?? "a node"}");
        var resumes = await grid.ResumesAsync();
        fault(node);
        await grid.WaitForAsync(async () => await grid.ResumesAsync() > resumes, "streams went on elsewhere");
        if (where is not null) return;
        await grid.WaitForReplicasAsync(ChaosGrid.Silos.Length, node);
        if (grid.Bed[node].IsRunning) grid.Bed[node].Signal("KILL");
        await grid.Bed[node].WaitForExitAsync();
        await grid.StartAsync(node);
        await grid.WaitForNodesAsync();
    }

    private static Func<int, LoadRequest> Request(ExpectedAnswer[]? expected) => number =>
        LoadRequests.Make("guide", Contents[number % Contents.Length], Tokens, isChat: number % Requests >= Contents.Length, isStream: true, expected?[number % Requests]);
}
