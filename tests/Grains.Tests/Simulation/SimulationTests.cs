using System.Diagnostics;

namespace Grid.Grains.Tests.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 200;

    [Fact]
    public void Run_ThousandNodes_KeepsTheInvariants() =>
        Run(Seed(1), new SimOptions(Nodes: 1000, Models: 40, Seconds: 60, RequestsPerSecond: 200, MeanPause: 300));

    [Fact]
    public void Run_ManySeeds_KeepsTheInvariants()
    {
        var broken = new List<string>();
        int experts = 0, ranks = 0;
        var messages = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var seed in Seed(0) is > 0 and var replayed ? [replayed] : Enumerable.Range(1, Seeds))
        {
            try
            {
                var seen = Run(seed, new SimOptions(), messages);
                (experts, ranks) = (experts + seen.Experts, ranks + seen.Ranks);
            }
            catch (InvariantException e)
            {
                broken.Add(e.Message);
            }
        }

        output.WriteLine($"{experts} experts placed anew, {ranks} ranks added");
        output.WriteLine($"messages: {Describe(messages)}");
        Assert.True(broken.Count == 0, string.Join('\n', broken));
        if (Seed(0) == 0)
            Assert.True(experts > Seeds && ranks > Seeds / 4,
                $"only {experts} experts were placed anew and {ranks} ranks added in {Seeds} seeds");
    }

    [Theory]
    [InlineData(Planted.EpochNotRaised)]
    [InlineData(Planted.ReservationNotFreed)]
    [InlineData(Planted.MinAvailableOffByOne)]
    [InlineData(Planted.LateReportAccepted)]
    [InlineData(Planted.DrainForgetsShard)]
    [InlineData(Planted.GenerationNotRaised)]
    [InlineData(Planted.ExpertTakesItsRanks)]
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

    private Invariants Run(int seed, SimOptions options, SortedDictionary<string, long>? messages = null)
    {
        var watch = Stopwatch.StartNew();
        var simulation = new GridSimulation(seed, options);
        try
        {
            simulation.Run();
        }
        catch (Exception e)
        {
            throw new InvariantException(
                $"GRID_SIM_SEED={seed} with {options.Nodes} nodes: {e.Message}\n{simulation.Story()}\n{e.StackTrace}");
        }

        output.WriteLine(
            $"seed {seed}: {options.Nodes} nodes, {simulation.Clock.Milliseconds / 1000} s in {watch.Elapsed.TotalSeconds:0.0} s, "
            + $"{simulation.Clock.Steps} steps, {simulation.Gateway.Sent} requests, {simulation.Gateway.Resumes} resumed, "
            + $"{simulation.Invariants.Experts} experts placed anew, {simulation.Invariants.Ranks} ranks added");
        if (messages is null) output.WriteLine($"messages: {Describe(simulation.Network.Messages)}");
        foreach (var (kind, count) in simulation.Network.Messages)
            if (messages is not null) messages[kind] = messages.GetValueOrDefault(kind) + count;
        return simulation.Invariants;
    }

    private static string Describe(SortedDictionary<string, long> messages) =>
        string.Join(", ", messages.Select(pair => $"{pair.Key} {pair.Value}"));

    private static int Seed(int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable("GRID_SIM_SEED"), out var seed) ? seed : otherwise;
}
