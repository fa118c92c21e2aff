namespace Grid.Cluster.Tests.Processes;

/// <summary>Three silos for the cases of one class. Shards of about 100 MiB stand alone on them; of smaller ones a holds two.</summary>
public sealed class ThreeSilosBed : IAsyncLifetime
{
    internal GridBed Grid { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Grid.StartAsync("a", "up", "--head", "--device", "cpu:200MiB");
        await Grid.JoinAsync("b", "a", "up", "--device", "cpu:112MiB");
        await Grid.JoinAsync("c", "a", "up", "--device", "cpu:112MiB");
        await GridBed.RunAsync($"wait --for=nodes=3 --timeout 60s --data-dir {Grid.Folder("a")}");
    }

    public ValueTask DisposeAsync() => Grid.DisposeAsync();
}
