using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Routing;
using Orleans.Concurrency;

namespace Grid.Abstractions.Grains;

/// <summary>The one grain, key <c>grid</c>, that owns the configuration, every placement, epochs, operations and events.</summary>
[Alias("grid.IGridGrain")]
public interface IGridGrain : IGrainWithStringKey
{
    /// <summary>A node's state, each second and at each change.</summary>
    [OneWay, AlwaysInterleave]
    Task ReportNode(NodeReport report);

    /// <summary>A gateway's state, each second.</summary>
    [OneWay, AlwaysInterleave]
    Task ReportGateway(GatewayReport report);

    /// <summary>Model sources that nodes are to look at and report on.</summary>
    [AlwaysInterleave]
    Task<string[]> GetSources();

    /// <summary>The routing table; null where <paramref name="knownGrid"/> and <paramref name="knownVersion"/> are current and no load changed, and while a new controller still gathers reports.</summary>
    [AlwaysInterleave]
    Task<RoutingTable?> GetRoutingTable(string? knownGrid, long knownVersion);

    /// <summary>Pushes every new table to an observer until it is not renewed for a minute.</summary>
    Task Subscribe(IRoutingTableObserver observer);

    /// <summary>Status of the grid.</summary>
    [AlwaysInterleave]
    Task<GridStatus> GetStatus();

    /// <summary>All nodes, sorted by name.</summary>
    [AlwaysInterleave]
    Task<NodeView[]> GetNodes();

    /// <summary>Operations, newest last.</summary>
    [AlwaysInterleave]
    Task<OperationView[]> GetOperations();

    /// <summary>Events after an id, oldest first.</summary>
    [AlwaysInterleave]
    Task<GridEventView[]> GetEvents(long since, int limit);

    /// <summary>Accepted configurations, oldest first; the last is in force.</summary>
    [AlwaysInterleave]
    Task<ConfigVersionView[]> GetConfigVersions();

    /// <summary>Accepts a configuration.</summary>
    /// <param name="config">Parsed and valid.</param>
    /// <param name="text">The file as it was sent.</param>
    /// <param name="expectedVersion">Refused with 412 where another is in force; null: any.</param>
    /// <param name="actor">Who sends it.</param>
    Task<AdminResult<ConfigVersionView>> Apply(GridConfig config, string text, long? expectedVersion, string actor);

    /// <summary>Puts an older configuration in force, as a new version.</summary>
    Task<AdminResult<ConfigVersionView>> Rollback(long version, string actor);

    /// <summary>Adds or replaces one model beside those of the file (<c>grid serve MODEL</c> on a live grid).</summary>
    Task<AdminResult<OperationView>> Deploy(ModelSpec model, string actor);

    /// <summary>Sets the replicas of a model until the file changes that model.</summary>
    Task<AdminResult<OperationView>> Scale(string model, int replicas, string actor);

    /// <summary>Removes a model after its streams have ended.</summary>
    Task<AdminResult<OperationView>> Delete(string model, string actor);

    /// <summary>Forbids or allows new shards on a node; allowing cancels its drain.</summary>
    Task<AdminResult<NodeView>> Cordon(string node, bool cordoned, string actor);

    /// <summary>Empties a node.</summary>
    Task<AdminResult<OperationView>> Drain(string node, DrainRequest request, string actor);

    /// <summary>What a drain would do.</summary>
    [AlwaysInterleave]
    Task<AdminResult<DrainPreview>> PreviewDrain(string node, DrainRequest request);

    /// <summary>Cancels an operation.</summary>
    Task<AdminResult<OperationView>> Cancel(string operation, string actor);

    /// <summary>Records an event that happened elsewhere, such as an invalid configuration file.</summary>
    [OneWay]
    Task Record(string type, string reason, string @object, string message, string actor);
}
