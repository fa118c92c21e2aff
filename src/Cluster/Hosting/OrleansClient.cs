using Microsoft.Extensions.DependencyInjection;

namespace Grid.Cluster.Hosting;

/// <summary>
/// A gateway's connection to the grains. Orleans' client finds other silos by itself when those that it knows have ended.
/// </summary>
public sealed class OrleansClient : IGridConnection, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly CancellationTokenSource _end = new();
    private Task _start = Task.CompletedTask;

    private OrleansClient(ClusterSettings settings) => _host = OrleansHost.BuildClient(settings, _end.Token);

    /// <inheritdoc/>
    public IClusterClient? Client { get; private set; }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <summary>Begins to connect; without a silo it tries until there is one.</summary>
    public static OrleansClient Start(ClusterSettings settings)
    {
        var client = new OrleansClient(settings);
        client._start = client.ConnectAsync();
        return client;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _start;
        if (Client is not null) await _host.StopAsync(new CancellationToken(canceled: true));
        _host.Dispose();
        _end.Dispose();
    }

    private async Task ConnectAsync()
    {
        try
        {
            await _host.StartAsync(_end.Token);
            Client = _host.Services.GetRequiredService<IClusterClient>();
            Changed?.Invoke();
        }
        catch (Exception) when (_end.IsCancellationRequested)
        {
            // The process ends.
        }
    }
}
