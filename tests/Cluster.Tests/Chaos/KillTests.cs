namespace Grid.Cluster.Tests.Chaos;

/// <summary>Processes that die under load.</summary>
[Collection("processes")]
public sealed class KillTests
{
    [Fact]
    public async Task Kill_OneOfThreeSilosAgainAndAgain_NoRequestFails()
    {
        await using var grid = await ChaosGrid.StartAsync();
        var kills = ChaosGrid.IsFull ? 10 : 2;
        var times = new List<TimeSpan>();
        await using var load = grid.Load();
        for (var kill = 0; kill < kills; kill++)
        {
            var victim = ChaosGrid.Silos[kill % ChaosGrid.Silos.Length];
            times.Add(await grid.KillAsync(load, victim, replicas: 3));
            await grid.StartAsync(victim);
            await grid.WaitForNodesAsync();
        }

        times.Sort();
        ChaosGrid.Tell(
            $"{kills} kills; from SIGKILL to all shards ready elsewhere: median {times[times.Count / 2].TotalSeconds:0.0} s, longest "
            + $"{times[^1].TotalSeconds:0.0} s");
        await grid.EndAsync(load, $"kill -9 of a, b, c in turn, {kills} times");
    }

    [Fact]
    public async Task Kill_HeadWithTheEmbeddedStore_StreamsGoOnUntilItIsBack()
    {
        await using var grid = await ChaosGrid.StartAsync(isEmbedded: true);
        await using var load = grid.Load();
        var resumes = await grid.BreakAsync(load, "a", () => grid.Bed["a"].Signal("KILL"));
        await grid.WaitForResumeAsync(resumes);
        await grid.StartAsync("a");
        await grid.WaitForNodesAsync();
        await grid.WaitForReplicasAsync(ChaosGrid.Silos.Length);
        await grid.EndAsync(load, "kill -9 of the head with its embedded store");
    }

    [Fact]
    public async Task Kill_OneOfTwoGateways_ClientThatTriesAgainMissesNothing()
    {
        await using var grid = await ChaosGrid.StartAsync();
        await using var load = grid.Load(retries: true);
        for (var kill = 0; kill < (ChaosGrid.IsFull ? 5 : 1); kill++)
        {
            await grid.WaitForStreamsAsync(load);
            grid.Bed["g2"].Signal("KILL");
            await grid.Bed["g2"].WaitForExitAsync();
            var retried = load.Outcomes.Count(outcome => outcome.Tries > 1);
            await grid.WaitForAsync(() => Task.FromResult(load.Outcomes.Count(outcome => outcome.Tries > 1) > retried),
                "a request was sent again");
            await grid.StartAsync("g2");
        }

        await grid.EndAsync(load, "kill -9 of one of two gateways");
    }
}
