using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Grains;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Routing;
using Grid.Grains.Persistence;
using Grid.Grains.Records;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using Orleans.Utilities;

namespace Grid.Grains.Control;

/// <inheritdoc cref="IGridGrain"/>
internal sealed class GridGrain(
    [PersistentState(GridGrain.StateName, GridStateSerializer.Storage)] IPersistentState<GridState> stored,
    IClusterMembershipService membership,
    IOptions<GridGrainOptions> options,
    TimeProvider timeProvider,
    ILogger<GridGrain> logger) : Grain, IGridGrain
{
    private const string StateName = "grid";
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SubscriptionLength = TimeSpan.FromMinutes(1);

    private readonly ObserverManager<IRoutingTableObserver> _observers = new(SubscriptionLength, logger);
    private GridController _controller = null!;
    private EventLoop _loop = null!;
    private GridCalls _calls = null!;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!stored.RecordExists) stored.State = new GridState { Incarnation = Guid.NewGuid().ToString("N") };
        _controller = new GridController(stored.State, timeProvider.GetUtcNow());
        _loop = new EventLoop(e => _controller.Handle(e, timeProvider.GetUtcNow()), WriteAsync, Act, logger.DecisionFailed);
        _calls = new GridCalls(GrainFactory, _loop.Post, timeProvider, logger);
        this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TimeSpan.Zero, Beat) { Interleave = true, KeepAlive = true });
        logger.Controlling(stored.State.Epoch);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _loop.End("the grid's control is moving to another silo");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ReportNode(NodeReport report) => Post(new GridEvent.NodeReported(report));

    /// <inheritdoc/>
    public Task ReportGateway(GatewayReport report) => Post(new GridEvent.GatewayReported(report));

    /// <inheritdoc/>
    public Task<string[]> GetSources() => Task.FromResult(_controller.Sources);

    /// <inheritdoc/>
    public Task<RoutingTable?> GetRoutingTable(string? knownGrid, long knownVersion)
    {
        if (_controller.GetRoutingTable() is not { } table) return Task.FromResult<RoutingTable?>(null);
        // If there are ranks, their load has changed.
        var known = table.Grid == knownGrid && table.Version == knownVersion
            && Array.TrueForAll(table.Models, model => model.Ranks.Length == 0);
        return Task.FromResult(known ? null : table);
    }

    /// <inheritdoc/>
    public Task Subscribe(IRoutingTableObserver observer)
    {
        _observers.Subscribe(observer, observer);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<GridStatus> GetStatus() => Task.FromResult(_controller.GetStatus(options.Value.StoreKind));

    /// <inheritdoc/>
    public Task<NodeView[]> GetNodes() => Task.FromResult(_controller.GetNodes());

    /// <inheritdoc/>
    public Task<OperationView[]> GetOperations() => Task.FromResult(_controller.Operations);

    /// <inheritdoc/>
    public Task<GridEventView[]> GetEvents(long since, int limit) => Task.FromResult(_controller.GetEvents(since, limit));

    /// <inheritdoc/>
    public Task<ConfigVersionView[]> GetConfigVersions() => Task.FromResult(_controller.ConfigVersions);

    /// <inheritdoc/>
    public Task<AdminResult<ConfigVersionView>> Apply(GridConfig config, string text, long? expectedVersion, string actor) =>
        _loop.AskAsync<ConfigVersionView>(new GridEvent.ConfigApplied(config, text, expectedVersion, actor));

    /// <inheritdoc/>
    public Task<AdminResult<ConfigVersionView>> Rollback(long version, string actor) =>
        _loop.AskAsync<ConfigVersionView>(new GridEvent.ConfigRolledBack(version, actor));

    /// <inheritdoc/>
    public Task<AdminResult<OperationView>> Deploy(ModelSpec model, string actor) =>
        _loop.AskAsync<OperationView>(new GridEvent.ModelDeployed(model, actor));

    /// <inheritdoc/>
    public Task<AdminResult<OperationView>> Scale(string model, int replicas, string actor) =>
        _loop.AskAsync<OperationView>(new GridEvent.ModelScaled(model, replicas, actor));

    /// <inheritdoc/>
    public Task<AdminResult<OperationView>> Delete(string model, string actor) =>
        _loop.AskAsync<OperationView>(new GridEvent.ModelDeleted(model, actor));

    /// <inheritdoc/>
    public Task<AdminResult<NodeView>> Cordon(string node, bool cordoned, string actor) =>
        _loop.AskAsync<NodeView>(new GridEvent.NodeCordoned(node, cordoned, actor));

    /// <inheritdoc/>
    public Task<AdminResult<OperationView>> Drain(string node, DrainRequest request, string actor) =>
        _loop.AskAsync<OperationView>(new GridEvent.DrainAsked(node, request, actor));

    /// <inheritdoc/>
    public Task<AdminResult<DrainPreview>> PreviewDrain(string node, DrainRequest request) =>
        Task.FromResult(_controller.PreviewDrain(node, request));

    /// <inheritdoc/>
    public Task<AdminResult<OperationView>> Cancel(string operation, string actor) =>
        _loop.AskAsync<OperationView>(new GridEvent.OperationCancelled(operation, actor));

    /// <inheritdoc/>
    public Task Record(string type, string reason, string @object, string message, string actor) =>
        Post(new GridEvent.Noted(type, reason, @object, message, actor));

    private Task Post(GridEvent @event)
    {
        _loop.Post(@event);
        return Task.CompletedTask;
    }

    private Task Tick(CancellationToken cancellationToken)
    {
        _loop.Post(MembershipReader.Read(membership.CurrentSnapshot));
        _loop.Post(new GridEvent.Tick());
        return Task.CompletedTask;
    }

    private void Act(GridDecision decision)
    {
        if (decision is GridDecision.Publish publish) _ = _observers.Notify(observer => observer.Push(publish.Table));
        else _calls.Start(decision);
    }

    private async Task WriteAsync(GridState state)
    {
        stored.State = state;
        try
        {
            await stored.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            // Another activation has decided since, so what is known here is outdated.
            _loop.End("another activation decides now");
            DeactivateOnIdle();
            throw;
        }
    }
}
