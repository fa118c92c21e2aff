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
        "What is a grid?", "Tell me of a river.", "How does one bake bread?", "Why is the sky blue?", "Name some birds.",
            "What is a token?",
    ];

    [Fact]
    public async Task Failures_RealEngine_TokensAreThoseOfTheUnbrokenRun()
    {
        var model = Fixtures.Model("guide");
        await using var grid = await ChaosGrid.StartAsync($"{{name: guide, source: '{model}', replicas: 3}}", false, "--device", "cpu:1GiB",
            "--cpu-threads", "1");
        var concurrency = ChaosGrid.IsFull ? 12 : 6;
        var unbroken = await LoadDriver.RunAsync(
            new LoadSettings { Gateways = [grid.Gateways[0]], Requests = Request(null), Concurrency = concurrency }, Requests);
        Assert.Equal(Requests, unbroken.Ok);
        var expected = unbroken.Outcomes.OrderBy(outcome => outcome.Number).Select(outcome => outcome.Answer!).ToArray();

        await using var load = grid.Load(requests: Request(expected), concurrency: concurrency);
        await BreakAsync(grid, load, "KILL");
        if (ChaosGrid.IsFull)
        {
            await BreakAsync(grid, load, "STOP");
            await grid.WaitForResumeAsync(await grid.BreakAsync(load, "c", grid.LinkToC.Drop));
        }

        await grid.EndAsync(load, "real engine on models/guide");
    }

    private static async Task BreakAsync(ChaosGrid grid, LoadDriver load, string signal)
    {
        var (node, resumes) = await grid.BreakAsync(load, ChaosGrid.Silos, name => grid.Bed[name].Signal(signal));
        await grid.WaitForResumeAsync(resumes);
        await grid.WaitForReplicasAsync(ChaosGrid.Silos.Length, node);
        if (grid.Bed[node].IsRunning) grid.Bed[node].Signal("KILL");
        await grid.Bed[node].WaitForExitAsync();
        await grid.StartAsync(node);
        await grid.WaitForNodesAsync();
    }

    private static Func<int, LoadRequest> Request(ExpectedAnswer[]? expected) => number =>
        LoadRequests.Make("guide", Contents[number % Contents.Length], Tokens, isChat: number % Requests >= Contents.Length, isStream: true,
        expected?[number % Requests]);
}
