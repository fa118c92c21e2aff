using System.Collections.Frozen;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Routing;

namespace Grid.Gateway.Routing;

/// <summary>One table, ready for look-ups.</summary>
/// <param name="Table">The table.</param>
/// <param name="Models">By name and alias.</param>
/// <param name="Policy">How to choose.</param>
internal sealed record RouteSnapshot(RoutingTable Table, FrozenDictionary<string, ModelRanks> Models, RoutingPolicy Policy)
{
    public QueueSpec Queue { get; } = Table.Gateway.Queue ?? QueueSpec.Default;

    public ResumeSpec Resume { get; } = Table.Gateway.Resume ?? ResumeSpec.Default;
}
