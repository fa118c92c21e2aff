using Grid.Abstractions.Admin;
using Grid.Abstractions.Events;
using Grid.Abstractions.Operations;
using Grid.Abstractions.Routing;
using Grid.Grains.Draining;
using Grid.Grains.Models;
using Grid.Grains.Nodes;
using Grid.Grains.Operations;
using Grid.Grains.Placement;
using Grid.Grains.Records;
using Grid.Grains.Recovery;
using Grid.Grains.Replicas;
using Grid.Grains.Store;
using Grid.Grains.Views;
using Grid.Primitives.Options;

namespace Grid.Grains.Control;

/// <summary>
/// The controller: every placement, drain, rollout and epoch is decided here, one event at a time, from reports that may be late,
/// lost, duplicated or out of order. It knows no clock and does no I/O: <see cref="GridDecision"/> says what the caller
/// has to do.
/// </summary>
internal sealed class GridController
{
    // Each pass follows from what the one before it decided; what is left after the last waits for the next event.
    private const int MostPasses = 3;

    private readonly GridStore _store;
    private readonly OrphanCollector _orphans;
    private readonly ReplicaController _replicas;
    private readonly NodeController _nodes;
    private readonly OperationController _operations;
    private readonly NodeDrains _nodeDrains;
    private readonly DrainController _drains;
    private readonly ModelController _models;
    private readonly ConfigController _config;
    private readonly ReplicaScheduler _scheduler;
    private readonly ShardRepair _repair;
    private readonly RankResizer _resizer;
    private readonly ExpertMigrator _migrator;
    private GridState _committed;
    private GridState? _pending;
    private RoutingTable? _table;
    private long _tableVersion;
    private DateTimeOffset _publishedAt;
    private DateTimeOffset _probedAt;

    /// <summary>Starts from what the store has.</summary>
    /// <param name="state">The stored state; a new one with a random <see cref="GridState.Incarnation"/> if the store had none.</param>
    /// <param name="rules">The rules of safety; null for the real ones.</param>
    /// <param name="ledger">The ledger; null for an empty one.</param>
    public GridController(GridState state, DateTimeOffset now, GridRules? rules = null, Ledger? ledger = null)
    {
        _store = new GridStore(rules ?? new GridRules(), ledger ?? new Ledger(), now, state.LastEvent);
        _orphans = new OrphanCollector(_store);
        _scheduler = new ReplicaScheduler(_store);
        var failures = new FailureHandler(_store, _orphans);
        var recovery = new StateRecovery(_store, failures, _orphans, state.Epoch);
        _repair = new ShardRepair(_store, _scheduler, failures);
        _replicas = new ReplicaController(_store, new PlanObserver(_store, failures), failures, _orphans, recovery);
        _operations = new OperationController(_store);
        _nodeDrains = new NodeDrains(_store);
        _drains = new DrainController(_store, _nodeDrains, _operations, _scheduler);
        _resizer = new RankResizer(_store, _nodeDrains, failures);
        _migrator = new ExpertMigrator(_store, _nodeDrains, _scheduler, failures, _orphans);
        _models = new ModelController(_store, new ModelObserver(_store, _nodeDrains), _operations);
        _config = new ConfigController(_store, _models, _operations);
        _nodes = new NodeController(_store, _replicas, state.Epoch);
        _committed = state.Snapshot();
        _tableVersion = now.ToUnixTimeMilliseconds();
        _store.Load(state.Snapshot());
        if (state.Epoch == 0 && state.Configs.Count == 0) _store.ProbeStorage();
        _models.Sync();
    }

    /// <summary>The model sources that nodes inspect.</summary>
    public string[] Sources => [.. _store.Models.Values
        .Where(m => m.Spec is not null && !SimulatedModel.Is(m.Spec.Source)).Select(m => m.Spec!.Source).Distinct()];

    /// <summary>Whether the store took the last state.</summary>
    public bool StoreHealthy { get; private set; } = true;

    /// <summary>Accepted configurations, oldest first.</summary>
    public ConfigVersionView[] ConfigVersions => [.. _store.Configs.Select(c => c.View())];

    /// <summary>Operations, newest last.</summary>
    public OperationView[] Operations => [.. _store.Operations.Select(o => o.View())];

    /// <summary>The store, for the simulation's invariants.</summary>
    internal GridStore Store => _store;

    /// <summary>Shards that no plan names any more, for the simulation's invariants.</summary>
    internal OrphanCollector Orphans => _orphans;

    /// <summary>Handles one event and returns what is to be done.</summary>
    public IReadOnlyList<GridDecision> Handle(GridEvent e, DateTimeOffset now)
    {
        _store.Advance(now);
        if (e is not GridEvent.PersistFailed) Commit();
        var (news, answer) = Take(e);
        if (!news && !IsPublishDue) return [];
        Settle(e is GridEvent.Tick || answer is not null);
        return Decide(answer);
    }

    /// <summary>Events after an id, oldest first.</summary>
    public GridEventView[] GetEvents(long since, int limit) => _store.Log.Since(since, limit);

    /// <summary>All nodes, sorted by name.</summary>
    public NodeView[] GetNodes() =>
        [.. _store.Nodes.Values.Where(n => n.Report is not null).Select(n => NodeViews.Of(_store, _nodeDrains, n))];

    /// <summary>Returns what a drain would do.</summary>
    public AdminResult<DrainPreview> PreviewDrain(string node, DrainRequest request) => _drains.Preview(node, request);

    /// <summary>
    /// The routing table with the present loads; null while reports are being gathered, when gateways keep the one that they have.
    /// </summary>
    public RoutingTable? GetRoutingTable() => _store.Gathering ? null : _table ??= RoutingTables.Of(_store, _tableVersion);

    /// <summary>The status of the grid.</summary>
    /// <param name="storeKind">Either embedded or redis.</param>
    public GridStatus GetStatus(string storeKind)
    {
        var silos = _store.Nodes.Values.Where(n => n.IsLive && n.Report!.Facts.Roles.Contains("silo")).ToArray();
        var version = _store.Config?.Version ?? 0;
        return new GridStatus(
            _store.Config?.Config.Name ?? "grid", version, _store.Models.Values.All(IsReached) ? version : Math.Max(0, version - 1),
            new StoreView(storeKind, StoreHealthy ? StoreView.Healthy : StoreView.Unavailable),
            new NodeCounts(silos.Length, silos.Count(n => !n.Late)),
            [.. _store.Gateways.Values.Select(
                g => new GatewayView(g.Report.Name, g.Report.Url, g.Report.TableVersion, g.Report.TableAgeSeconds))],
            [.. _store.Models.Values.Select(m => ModelViews.Of(_store, m))], Operations);
    }

    private bool IsPublishDue => _store.IsTableChanged && !_store.Gathering && _store.Now - _publishedAt >= GridTimes.PublishInterval;

    private bool IsReached(ModelRecord model) => model is { Spec: not null, Decision.IsSettled: true } && !_store.IsUndecided(model) &&
        _store.PlansOf(model.Name).All(pair => _store.Progress[pair.Key].Whole);

    /// <returns>Whether anything has to be decided, and the answer to an admin.</returns>
    private (bool News, GridDecision.Answer? Answer) Take(GridEvent e) => e switch
    {
        GridEvent.Tick => (Tick(), null),
        GridEvent.NodeReported(var report) => (NodeReported(report), null),
        GridEvent.MembershipRead(var version, var members) => (_nodes.Read(version, members), null),
        GridEvent.GatewayReported(var report) => (GatewayReported(report), null),
        GridEvent.ScaleRecommended(var recommendation) => (_store.SetRecommendation(recommendation), null),
        GridEvent.ReplicaReported(var status) => (_replicas.Answered(status), null),
        GridEvent.PersistFailed(var error) => (Revert(error), null),
        GridEvent.Noted noted => (Note(noted), null),
        GridEvent.ConfigApplied(var config, var text, var expected, var actor) =>
            (true, Answer(_config.Apply(config, text, expected, actor))),
        GridEvent.ConfigRolledBack(var version, var actor) => (true, Answer(_config.Rollback(version, actor))),
        GridEvent.ModelDeployed(var spec, var actor) => (true, Answer(_config.Deploy(spec, actor))),
        GridEvent.ModelScaled(var model, var replicas, var actor) => (true, Answer(_config.Scale(model, replicas, actor))),
        GridEvent.ModelDeleted(var model, var actor) => (true, Answer(_config.Delete(model, actor))),
        GridEvent.NodeCordoned(var node, var cordoned, var actor) => (true, Answer(Cordon(node, cordoned, actor))),
        GridEvent.DrainAsked(var node, var request, var actor) => (true, Answer(_drains.Drain(node, request, actor))),
        GridEvent.OperationCancelled(var operation, var actor) => (true, Answer(Cancel(operation, actor))),
        _ => throw new ArgumentException($"The event must be known; got {e.GetType().Name}.", nameof(e)),
    };

    private static GridDecision.Answer Answer<T>(AdminResult<T> result)
        where T : class => new(result.Value, result.Fault);

    private void Settle(bool revise)
    {
        if (_store.Gathering && (_nodes.AllReported || _store.Now - _store.StartedAt >= GridTimes.GatherTimeout))
        {
            _store.EndGathering();
            _nodes.Sweep();
            _models.Sync();
        }

        // Looking through the files of all nodes is expensive: a node that joins waits for the next tick, unless a model waits for it.
        if (revise || _models.AwaitsFiles) _models.Revise();
        for (var pass = 0; pass < MostPasses && (pass == 0 || _store.UndecidedModels().Length > 0); pass++)
        {
            _models.Decide();
            _resizer.Advance();
            _migrator.Advance();
            // What streams are waiting for is done before anything new.
            _repair.Fill();
            _scheduler.Place();
            _operations.Advance();
            _drains.Advance();
        }
    }

    private List<GridDecision> Decide(GridDecision.Answer? answer)
    {
        var decisions = new List<GridDecision>();
        if (_store.TakeUnsaved() is { } unsaved)
        {
            _pending = unsaved;
            decisions.Add(new GridDecision.Persist(unsaved));
        }

        if (answer is not null) decisions.Add(answer);
        foreach (var directive in _replicas.Directives()) decisions.Add(new GridDecision.DirectReplica(directive));
        foreach (var observation in _models.Observations()) decisions.Add(new GridDecision.ObserveLoad(observation));
        if (!IsPublishDue) return decisions;
        _store.TakeTableChange();
        _publishedAt = _store.Now;
        // By the clock, so that gateways follow the activation that is left when two have been publishing.
        _tableVersion = Math.Max(_tableVersion + 1, _store.Now.ToUnixTimeMilliseconds());
        _table = RoutingTables.Of(_store, _tableVersion);
        decisions.Add(new GridDecision.Publish(_table));
        return decisions;
    }

    private bool Tick()
    {
        _nodes.Tick();
        _replicas.Tick();
        _models.Tick();
        if (!_store.Gathering) _nodes.Sweep();
        _store.RemoveSilentGateways();
        if (StoreHealthy || _store.Now - _probedAt < GridTimes.ResendInterval) return true;
        _probedAt = _store.Now;
        _store.ProbeStorage();
        return true;
    }

    private bool NodeReported(Abstractions.Nodes.NodeReport report)
    {
        // Loads change with every report: the table is built again when somebody asks for it.
        _table = null;
        return _nodes.Report(report);
    }

    private bool GatewayReported(GatewayReport report)
    {
        _store.AcceptReport(report);
        return _models.Wake();
    }

    private bool Note(GridEvent.Noted noted)
    {
        _store.Log.Add(noted.Type, noted.Reason, noted.Object, noted.Message, noted.Actor);
        return false;
    }

    private AdminResult<NodeView> Cordon(string node, bool cordoned, string actor) => _drains.Cordon(node, cordoned, actor) is { } fault
        ? fault
        : NodeViews.Of(_store, _nodeDrains, _store.Nodes[node]);

    private AdminResult<OperationView> Cancel(string id, string actor)
    {
        if (_operations.Find(id) is not { } operation) return AdminFaults.NotFound("operation", id);
        if (!operation.IsOpen) return AdminFaults.Conflict($"Operation {operation.Id} has ended: {operation.State}.");
        if (operation.Kind == OperationKind.Drain) return _drains.Cancel(operation, actor);
        if (operation.Kind != OperationKind.Scale)
            return AdminFaults.Conflict(
                $"A {operation.Kind.ToString().ToLowerInvariant()} is undone by an earlier configuration, not cancelled.");
        _store.SetScale(operation.Target, null);
        return _operations.End(operation, OperationState.Cancelled, EventReasons.Cancelled, $"cancelled by {actor}").View();
    }

    private void Commit()
    {
        if (_pending is null) return;
        _committed = _pending;
        _pending = null;
        if (!StoreHealthy) _store.Log.Normal(EventReasons.StoreHealthy, EventSubjects.Grid, "the store accepts changes again");
        StoreHealthy = true;
    }

    // What the store did not accept did not happen: everything is decided again on the state that it has.
    private bool Revert(string error)
    {
        _pending = null;
        StoreHealthy = false;
        _probedAt = _store.Now;
        _store.Log.Warn(EventReasons.StoreUnavailable, EventSubjects.Grid, error);
        _store.Load(_committed.Snapshot());
        _models.Sync();
        _store.UpdateAdmission();
        _replicas.Reload();
        return false;
    }
}
