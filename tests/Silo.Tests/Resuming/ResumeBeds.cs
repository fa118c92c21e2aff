using Grid.Engine.Simulation;
using Grid.TestUtilities;

namespace Grid.Silo.Tests.Resuming;

/// <summary>The servers of all tests of a class, a pair a model.</summary>
public sealed class ResumeBeds : IAsyncDisposable
{
    // Slow enough for an event a token.
    private static readonly SimOptions Simulation = SimOptions.Instant with { Step = TimeSpan.FromMilliseconds(2) };

    private readonly Dictionary<string, ResumeBed> _beds = [];

    internal async Task<ResumeBed> GetAsync(string model)
    {
        if (!_beds.TryGetValue(model, out var bed))
            _beds[model] = bed = await ResumeBed.StartAsync(
                () => SiloTestBed.StartAsync(model == "sim" ? "sim" : Fixtures.Model(model), model, Simulation));
        return bed;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var bed in _beds.Values) await bed.DisposeAsync();
    }
}
