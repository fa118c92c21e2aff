using System.Diagnostics;
using System.Net.Http.Json;
using Grid.TestUtilities.Load;

namespace Grid.Cluster.Tests.Operations;

/// <summary>Replicas that come and go under load.</summary>
[Collection("processes")]
public sealed class ScaleTests
{
    private const string Sim = "sim: {weights: 1GiB, load: 500ms, step: 40ms, stepPerSequence: 0ms, prefillTokensPerSecond: 1000000}";

    [Fact]
    public async Task Edit_OneToFourToTwoReplicas_NoRequestFails()
    {
        await using var grid = await OperationsGrid.StartAsync(Replicas(1));
        await grid.WaitForAsync("fake", "Ready", 1);
        await using var load = grid.Load(LoadRequests.ToSim("fake", 60), OperationsGrid.IsFull ? 100 : 30);
        await OperationsGrid.WaitForStreamsAsync(load, 15);

        for (var round = 0; round < (OperationsGrid.IsFull ? 10 : 1); round++)
        {
            var clock = Stopwatch.StartNew();
            grid.Edit(Replicas(4));
            await FirstTokenAsync(grid, rank => rank != "fake/r0/dp0");
            OperationsGrid.Tell(
                $"from the edit to the first token of a new replica: {clock.Elapsed.TotalMilliseconds:0} ms, of which its weights take "
                + "500 ms");
            await grid.WaitForAsync("fake", "Ready", 4);
            grid.Edit(Replicas(2));
            await grid.WaitForAsync("fake", "Ready", 2);
            if (OperationsGrid.IsFull) grid.Edit(Replicas(1));
            if (OperationsGrid.IsFull) await grid.WaitForAsync("fake", "Ready", 1);
        }

        await grid.EndAsync(load, "replicas 1 -> 4 -> 2 in the file");
    }

    [Fact]
    public async Task Autoscale_ToZeroAndBack_LosesNoRequest()
    {
        await using var grid = await OperationsGrid.StartAsync(
            $"- {{name: fake, source: sim, autoscale: {{min: 0, max: 2, idle: 2s, downWindow: 2s, upWindow: 1s}}, {Sim}}}", silos: ["b"]);
        for (var round = 0; round < (OperationsGrid.IsFull ? 10 : 2); round++)
        {
            await grid.WaitForAsync("fake", "ScaledToZero", 0);
            var models = new Uri(grid.Gateways[1], "/v1/models");
            await OperationsGrid.WaitForAsync(
                async () => (await grid.Bed.Http.GetStringAsync(models, TestContext.Current.CancellationToken))
                    .Contains("\"fake\"", StringComparison.Ordinal),
                "the second gateway lists the model");

            var report = await LoadDriver.RunAsync(
                new LoadSettings { Gateways = grid.Gateways, Requests = LoadRequests.ToSim("fake", 20), Concurrency = 20 }, 40);

            OperationsGrid.Tell(
                $"woken by 20 requests: {report.Tell(0, grid.Bed.CpuTime)}; first event after "
                + $"{report.Outcomes.Max(outcome => outcome.FirstEvent).TotalMilliseconds:0} ms, of which the weights take 500 ms");
            Assert.True(report.Failed == 0 && report.Sent == 40, report.Tell(0, grid.Bed.CpuTime));
        }

        var events = await grid.VerbAsync("events -o json");
        Assert.Contains("from 0 to 1 replicas", events.Output, StringComparison.Ordinal);
        Assert.Contains("from 1 to 0 replicas", events.Output, StringComparison.Ordinal);
    }

    private static string Replicas(int count) => $"- {{name: fake, source: sim, replicas: {count}, {Sim}}}";

    private static async Task FirstTokenAsync(OperationsGrid grid, Func<string, bool> wanted)
    {
        var number = 0;
        await OperationsGrid.WaitForAsync(async () =>
        {
            using var answer = await grid.Bed.Http.PostAsJsonAsync(
                new Uri(grid.Gateways[0], "/v1/completions"), new { model = "fake", prompt = $"{++number} is new", max_tokens = 1 },
                TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
            return wanted(answer.Headers.GetValues("X-Grid-Rank").Single());
        }, "a new replica answers");
    }
}
