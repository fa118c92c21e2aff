using Grid.Abstractions.Routing;
using Grid.Gateway.Tables;

namespace Grid.Gateway.Tests.Fakes;

/// <summary>A table that its owner sets.</summary>
/// <param name="timeProvider">Tells the table's age; null: the system's.</param>
internal sealed class InMemoryRoutingTableSource(TimeProvider? timeProvider = null) : IRoutingTableSource
{
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;
    private volatile RoutingTable? _current;
    private long _set;

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public RoutingTable? Current => _current;

    /// <inheritdoc/>
    public TimeSpan Age => _current is null ? TimeSpan.Zero : _timeProvider.GetElapsedTime(Volatile.Read(ref _set));

    /// <summary>What the gateway told last.</summary>
    public GatewayReport? LastReport { get; private set; }

    /// <summary>Puts a table in force.</summary>
    public void Set(RoutingTable table)
    {
        Volatile.Write(ref _set, _timeProvider.GetTimestamp());
        _current = table;
        Changed?.Invoke();
    }

    /// <inheritdoc/>
    public void Report(GatewayReport report) => LastReport = report;
}
