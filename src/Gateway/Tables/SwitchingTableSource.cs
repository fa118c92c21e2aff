using Grid.Abstractions.Routing;
using Grid.Cluster.Hosting;

namespace Grid.Gateway.Tables;

/// <summary>
/// Routing tables from the current Orleans client of a process that joins its cluster again; the last table stays while there is none.
/// </summary>
public sealed class SwitchingTableSource : IRoutingTableSource, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly IGridConnection _connection;
    private readonly ILogger _logger;
    private GrainRoutingTableSource? _source;
    private IClusterClient? _client;
    private RoutingTable? _last;

    /// <summary>Follows a connection until it is disposed.</summary>
    /// <param name="connection">Has the current client.</param>
    /// <param name="logger">The log of when the grid cannot be reached.</param>
    public SwitchingTableSource(IGridConnection connection, ILogger logger)
    {
        (_connection, _logger) = (connection, logger);
        connection.Changed += Switch;
        Switch();
    }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public RoutingTable? Current => _source?.Current ?? _last;

    /// <inheritdoc/>
    public TimeSpan Age => _source?.Age ?? TimeSpan.Zero;

    /// <inheritdoc/>
    public void Report(GatewayReport report) => _source?.Report(report);

    /// <summary>Stops following; the connection lives on.</summary>
    public async ValueTask DisposeAsync()
    {
        _connection.Changed -= Switch;
        if (Interlocked.Exchange(ref _source, null) is { } source) await source.DisposeAsync();
    }

    private void Switch()
    {
        lock (_gate)
        {
            if (ReferenceEquals(_client, _connection.Client)) return;
            _client = _connection.Client;
            if (_source is { } old)
            {
                _last = old.Current ?? _last;
                old.Changed -= Raise;
                _ = old.DisposeAsync().AsTask();
            }

            _source = _client is null ? null : GrainRoutingTableSource.Start(_client, _logger);
            if (_source is { } source) source.Changed += Raise;
        }

        Raise();
    }

    private void Raise() => Changed?.Invoke();
}
