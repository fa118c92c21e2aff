using Grid.Abstractions;
using Grid.TestUtilities.Load;

namespace Grid.Cluster.Tests.Operations;

/// <summary>Nodes that are emptied under load.</summary>
[Collection("processes")]
public sealed class DrainTests
{
    private const string Model =
        "- {name: fake, source: sim, replicas: 3, minAvailable: 2, sim: {weights: 1GiB, load: 200ms, step: 40ms, stepPerSequence: 0ms, "
        + "prefillTokensPerSecond: 1000000}}";

    private static int Concurrency => OperationsGrid.IsFull ? 100 : 30;

    [Fact]
    public async Task Drain_OneOfThreeSilos_NoRequestFails()
    {
        await using var grid = await OperationsGrid.StartAsync(Model);
        await grid.WaitForAsync("fake", "Ready", 3);

        await using (var brief = grid.Load(LoadRequests.ToSim("fake", 40), Concurrency))
        {
            await OperationsGrid.WaitForStreamsAsync(brief, Concurrency / 2);
            await grid.VerbAsync("drain c --timeout 60s");
            await grid.EndAsync(brief, "drain c, streams of 40 tokens, within the deadline");
        }

        Assert.Equal(0, await grid.ResumesAsync());
        await grid.VerbAsync("uncordon c");
        await using (var lasting = grid.Load(LoadRequests.ToSim("fake", OperationsGrid.IsFull ? 1000 : 300), Concurrency))
        {
            await OperationsGrid.WaitForStreamsAsync(lasting, Concurrency / 2);
            await grid.VerbAsync("drain b --timeout 1s");
            await grid.VerbAsync("uncordon b");
            // The node that holds the store keeps it, and its gateway.
            var drained = await grid.VerbAsync("drain a --timeout 1s");
            Assert.Contains("gateway and store stay on a", drained.Error, StringComparison.Ordinal);
            await grid.VerbAsync("wait --for=node=a:Drained --timeout 10s");
            await grid.VerbAsync("uncordon a");
            await grid.EndAsync(lasting, "drain b, then a, long streams, past the deadline");
        }

        Assert.True(await grid.ResumesAsync() > 0, "void: no stream was handed over");
    }

    [Fact]
    public async Task Terminate_SiloUnderStreams_HandsThemOverAndExitsWithDone()
    {
        await using var grid = await OperationsGrid.StartAsync(Model);
        await grid.WaitForAsync("fake", "Ready", 3);
        await using var load = grid.Load(LoadRequests.ToSim("fake", 300, streamsOnly: true), Concurrency);
        await OperationsGrid.WaitForStreamsAsync(load, Concurrency / 2);

        grid.Bed["c"].Signal("TERM");

        Assert.Equal(ExitCodes.Done, await grid.Bed["c"].WaitForExitAsync());
        await grid.EndAsync(load, "SIGTERM of c, 4 s to stop");
        Assert.True(await grid.ResumesAsync() > 0, "void: no stream was handed over");
    }

    [Fact]
    public async Task Drain_NoPlaceElsewhere_IsRefusedWithNumbers()
    {
        await using var grid = await OperationsGrid.StartAsync(
            "- {name: fake, source: sim, replicas: 2, minAvailable: 2, sim: {weights: 6GiB, load: 100ms}}", silos: ["b"]);
        await grid.WaitForAsync("fake", "Ready", 2);

        var refused = await grid.VerbAsync("drain b", ExitCodes.Refused);
        Assert.Contains("minAvailable is 2, and 1 of 2 replicas would be left", refused.Error, StringComparison.Ordinal);
        await grid.VerbAsync("drain b --dry-run", ExitCodes.Refused);
        await grid.VerbAsync("drain b --cancel", ExitCodes.Refused);
        var forced = await grid.VerbAsync("drain b --force --dry-run");
        Assert.Contains("(no place)", forced.Output, StringComparison.Ordinal);
        await grid.VerbAsync("drain b --force --timeout 1s");
        await grid.VerbAsync("drain a --dry-run", ExitCodes.Refused);
        await grid.VerbAsync("drain b --cancel");
        await grid.WaitForAsync("fake", "Ready", 2);
    }
}
