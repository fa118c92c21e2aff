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
    /// <summary>Reports a node's state, each second and at each change.</summary>
    [Alias("ReportNode"), OneWay, AlwaysInterleave]
    Task ReportNode(NodeReport report);

    /// <summary>Reports a gateway's state, each second.</summary>
    [Alias("ReportGateway"), OneWay, AlwaysInterleave]
    Task ReportGateway(GatewayReport report);

    /// <summary>The model sources that nodes inspect and report on.</summary>
    [Alias("GetSources"), AlwaysInterleave]
    Task<string[]> GetSources();

    /// <summary>
    /// The routing table; null where <paramref name="knownGrid"/> and <paramref name="knownVersion"/> are current and no load changed, and
    /// while a new controller still gathers reports.
    /// </summary>
    [Alias("GetRoutingTable"), AlwaysInterleave]
    Task<RoutingTable?> GetRoutingTable(string? knownGrid, long knownVersion);

    /// <summary>Pushes every new table to an observer until it is not renewed for a minute.</summary>
    [Alias("Subscribe")]
    Task Subscribe(IRoutingTableObserver observer);

    /// <summary>Status of the grid.</summary>
    [Alias("GetStatus"), AlwaysInterleave]
    Task<GridStatus> GetStatus();

    /// <summary>All nodes, sorted by name.</summary>
    [Alias("GetNodes"), AlwaysInterleave]
    Task<NodeView[]> GetNodes();

    /// <summary>Operations, newest last.</summary>
    [Alias("GetOperations"), AlwaysInterleave]
    Task<OperationView[]> GetOperations();

    /// <summary>Events after an id, oldest first.</summary>
    [Alias("GetEvents"), AlwaysInterleave]
    Task<GridEventView[]> GetEvents(long since, int limit);

    /// <summary>Accepted configurations, oldest first; the last is in force.</summary>
    [Alias("GetConfigVersions"), AlwaysInterleave]
    Task<ConfigVersionView[]> GetConfigVersions();

    /// <summary>Accepts a configuration.</summary>
    /// <param name="config">The configuration, which has passed validation.</param>
    /// <param name="text">The file as it was sent.</param>
    /// <param name="expectedVersion">The version that must be in force, or the answer is 412; null for any.</param>
    /// <param name="actor">The name of the admin who sends it.</param>
    [Alias("Apply")]
    Task<AdminResult<ConfigVersionView>> Apply(GridConfig config, string text, long? expectedVersion, string actor);

    /// <summary>Puts an older configuration in force, as a new version.</summary>
    [Alias("Rollback")]
    Task<AdminResult<ConfigVersionView>> Rollback(long version, string actor);

    /// <summary>Adds or replaces one model beside those of the file (<c>grid serve MODEL</c> on a live grid).</summary>
    [Alias("Deploy")]
    Task<AdminResult<OperationView>> Deploy(ModelSpec model, string actor);

    /// <summary>Sets the replicas of a model until the file changes that model.</summary>
    [Alias("Scale")]
    Task<AdminResult<OperationView>> Scale(string model, int replicas, string actor);

    /// <summary>Removes a model after its streams have ended.</summary>
    [Alias("Delete")]
    Task<AdminResult<OperationView>> Delete(string model, string actor);

    /// <summary>Forbids or allows new shards on a node; allowing cancels its drain.</summary>
    [Alias("Cordon")]
    Task<AdminResult<NodeView>> Cordon(string node, bool cordoned, string actor);

    /// <summary>Empties a node.</summary>
    [Alias("Drain")]
    Task<AdminResult<OperationView>> Drain(string node, DrainRequest request, string actor);

    /// <summary>What a drain would do.</summary>
    [Alias("PreviewDrain"), AlwaysInterleave]
    Task<AdminResult<DrainPreview>> PreviewDrain(string node, DrainRequest request);

    /// <summary>Cancels an operation.</summary>
    [Alias("Cancel")]
    Task<AdminResult<OperationView>> Cancel(string operation, string actor);

    /// <summary>Records an event that happened elsewhere, such as an invalid configuration file.</summary>
    [Alias("Record"), OneWay]
    Task Record(string type, string reason, string @object, string message, string actor);
}
