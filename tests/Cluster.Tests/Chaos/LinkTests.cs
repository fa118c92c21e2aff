using Grid.Abstractions;
using Grid.TestUtilities.Load;

namespace Grid.Cluster.Tests.Chaos;

/// <summary>Processes and links that stand still, or break while both ends live.</summary>
[Collection("processes")]
public sealed class LinkTests
{
    [Fact]
    public async Task Stop_OneOfThreeSilos_StreamsGoOnAndNoGhostServes()
    {
        await using var grid = await ChaosGrid.StartAsync();
        await using var load = grid.Load();
        foreach (var victim in ChaosGrid.IsFull ? (string[])["b", "a", "c"] : ["b"])
        {
            var resumes = await grid.BreakAsync(load, victim, () => grid.Bed[victim].Signal("STOP"));
            await grid.WaitForReplicasAsync(ChaosGrid.Silos.Length, victim);
            await grid.WaitForResumeAsync(resumes);
            grid.Bed[victim].Signal("CONT");

            Assert.Equal(ExitCodes.RestartMe, await grid.Bed[victim].WaitForExitAsync());
            await grid.StartAsync(victim);
            await grid.WaitForNodesAsync();
        }

        await grid.EndAsync(load, "SIGSTOP until declared dead, then SIGCONT");
    }

    [Fact]
    public async Task Cut_LinkBetweenGatewayAndSilo_NoRequestFails()
    {
        await using var grid = await ChaosGrid.StartAsync();
        await using var load = grid.Load(tokens: 50);
        for (var round = 0; round < (ChaosGrid.IsFull ? 4 : 1); round++)
        {
            await BreakAsync(grid, load, grid.LinkToC.Drop);
            await BreakAsync(grid, load, grid.LinkToC.HalfClose);
            await BreakAsync(grid, load, grid.LinkToC.Stall);
            grid.LinkToC.Resume();
            await BreakAsync(grid, load, grid.LinkToC.Cut);
            grid.LinkToC.Resume();
        }

        await grid.EndAsync(load, "link to one silo dropped, half-closed, stalled and cut");
    }

    private static async Task BreakAsync(ChaosGrid grid, LoadDriver load, Action fault)
    {
        // Streams are past the tokens that make a second loss count anew, and those at c are none that went on elsewhere.
        await grid.WaitForStreamsAsync(load);
        var ended = load.Outcomes.Count;
        await grid.WaitForAsync(() => Task.FromResult(load.Outcomes.Count > ended + ChaosGrid.Concurrency), "all streams are new ones");
        await grid.WaitForResumeAsync(await grid.BreakAsync(load, "c", fault));
    }
}
