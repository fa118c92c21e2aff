using System.Diagnostics;

namespace Grid.Grains.Tests.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 200;

    [Fact]
    public void Run_ThousandNodes_KeepsTheInvariants() => Run(Seed(1), new SimOptions(Nodes: 1000, Models: 40, Seconds: 60, RequestsPerSecond: 200, MeanPause: 300));

    [Fact]
    public void Run_ManySeeds_KeepsTheInvariants()
    {
        var broken = new List<string>();
        foreach (var seed in Seed(0) is > 0 and var replayed ? [replayed] : Enumerable.Range(1, Seeds))
        {
            try
            {
                Run(seed, new SimOptions());
            }
            catch (InvariantException e)
            {
                broken.Add(e.Message);
            }
        }

        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Theory]
    [InlineData(Planted.EpochNotRaised)]
    [InlineData(Planted.ReservationNotFreed)]
    [InlineData(Planted.MinAvailableOffByOne)]
    [InlineData(Planted.LateReportAccepted)]
    [InlineData(Planted.DrainForgetsShard)]
    public void Run_PlantedFault_IsFoundWithinTwoHundredSeeds(Planted planted)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            try
            {
                new GridSimulation(seed, new SimOptions(), planted).Run();
            }
            catch (InvariantException found)
            {
                output.WriteLine($"{planted}: found with seed {seed}: {found.Message}");
                return;
            }
        }

        Assert.Fail($"{planted} was not found within {Seeds} seeds");
    }

    private void Run(int seed, SimOptions options)
    {
        var watch = Stopwatch.StartNew();
        var simulation = new GridSimulation(seed, options);
        try
        {
            simulation.Run();
        }
        catch (Exception e)
        {
            throw new InvariantException($"GRID_SIM_SEED={seed} with {options.Nodes} nodes: {e.Message}\n{simulation.Story()}\n{e.StackTrace}");
        }

        output.WriteLine($"seed {seed}: {options.Nodes} nodes, {simulation.Clock.Milliseconds / 1000} s in {watch.Elapsed.TotalSeconds:0.0} s, {simulation.Clock.Steps} steps, {simulation.Gateway.Sent} requests, {simulation.Gateway.Resumes} resumed");
    }

    private static int Seed(int otherwise) => int.TryParse(Environment.GetEnvironmentVariable("GRID_SIM_SEED"), out var seed) ? seed : otherwise;
}
