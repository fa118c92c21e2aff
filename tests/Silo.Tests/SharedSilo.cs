namespace Grid.Silo.Tests;

/// <summary>One simulated server for all tests of a class.</summary>
public sealed class SharedSilo : IAsyncLifetime
{
    internal SiloTestBed Bed { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Bed = await SiloTestBed.StartAsync();

    public ValueTask DisposeAsync() => Bed.DisposeAsync();
}
