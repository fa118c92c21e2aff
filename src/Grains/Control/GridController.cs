using Grid.Abstractions.Admin;
using Grid.Abstractions.Routing;
using Grid.Grains.Draining;
using Grid.Grains.Models;
using Grid.Grains.Nodes;
using Grid.Grains.Operations;
using Grid.Grains.Placement;
using Grid.Grains.Recovery;
using Grid.Grains.Replicas;
using Grid.Grains.Store;
using Grid.Grains.Views;
using Grid.Primitives.Options;

namespace Grid.Grains.Control;

/// <summary>
/// The brain of the grid: every placement, drain, rollout and epoch is decided here, one event at a time, from reports that may be late, lost,
/// doubled or out of order. It knows no clock and does nothing itself: see <see cref="GridDecision"/> for what the shell owes it.
/// </summary>
internal sealed class GridController
{
    private readonly GridStore _store;
    private readonly ReplicaController _plans;
    private readonly NodeController _nodes;
    private readonly ModelController _models;
    private readonly OperationController _operations;
    private readonly ReplicaScheduler _placement;
    private readonly ConfigController _config;
    private readonly DrainController _drains;
    private readonly OrphanCollector _orphanCollector;
    private readonly ShardRepair _repair;
    private readonly RankResizer _rankResizer;
    private readonly ExpertMigrator _migrator;
    private GridState _committed;
    private GridState? _pending;
    private RoutingTable? _table;
    private long _tableVersion;
    private DateTimeOffset _publishedAt;
    private DateTimeOffset _probedAt;

    /// <summary>Starts from what the store has.</summary>
    /// <param name="state">A new one with a random <see cref="GridState.Incarnation"/> where the store had none.</param>
    /// <param name="now">The time.</param>
    /// <param name="rules">Null: the real ones.</param>
    /// <param name="ledger">Null: an empty one.</param>
    public GridController(GridState state, DateTimeOffset now, GridRules? rules = null, Ledger? ledger = null)
    {
        _store = new GridStore(rules ?? new GridRules(), ledger ?? new Ledger()) { Now = now, StartedAt = now, Log = new EventLog(state.LastEvent) };
        _orphanCollector = new OrphanCollector(_store);
        var failures = new FailureHandler(_store, _orphanCollector);
        _plans = new ReplicaController(_store, failures, _orphanCollector, new StateRecovery(_store, failures, _orphanCollector, state.Epoch));
        _nodes = new NodeController(_store, _plans, state.Epoch);
        _operations = new OperationController(_store);
        _models = new ModelController(_store, _operations);
        _placement = new ReplicaScheduler(_store);
        _repair = new ShardRepair(_store, _placement, failures);
        _rankResizer = new RankResizer(_store, _operations, failures);
        _migrator = new ExpertMigrator(_store, _operations, _placement, failures, _orphanCollector);
        _config = new ConfigController(_store, _models, _operations);
        _drains = new DrainController(_store, _nodes, _operations, _placement);
        _committed = state.Snapshot();
        _tableVersion = now.ToUnixTimeMilliseconds();
        _store.Load(state.Snapshot());
        _store.Changed = state.Epoch == 0 && state.Configs.Count == 0;
        _models.Sync();
    }

    /// <summary>Model sources that nodes are to look at.</summary>
    public string[] Sources => [.. _store.Models.Values.Where(m => m.Spec is not null && !SimulatedModel.Is(m.Spec.Source)).Select(m => m.Spec!.Source).Distinct()];

    /// <summary>Whether the store took the last state.</summary>
    public bool StoreHealthy { get; private set; } = true;

    /// <summary>Accepted configurations, oldest first.</summary>
    public ConfigVersionView[] ConfigVersions => [.. _store.State.Configs.Select(c => c.View())];

    /// <summary>Operations, newest last.</summary>
    public OperationView[] Operations => [.. _store.State.Operations.Select(o => o.View())];

    /// <summary>The store, for the simulation's invariants.</summary>
    internal GridStore Store => _store;

    /// <summary>Shards that no plan knows any more, likewise.</summary>
    internal OrphanCollector Orphans => _orphanCollector;

    /// <summary>Takes one event and says what is to be done.</summary>
    public IReadOnlyList<GridDecision> Handle(GridEvent e, DateTimeOffset now)
    {
        _store.Now = now > _store.Now ? now : _store.Now;
        GridDecision.Answer? answer = null;
        if (e is not GridEvent.PersistFailed) Commit();
        if (!Take(e, ref answer) && !IsPublishDue) return [];
        Settle(e is GridEvent.Tick || answer is not null);
        return Decide(answer);
    }

    /// <summary>Events after an id, oldest first.</summary>
    public GridEventView[] GetEvents(long since, int limit) => _store.Log.Since(since, limit);

    /// <summary>All nodes, sorted by name.</summary>
    public NodeView[] GetNodes() => [.. _store.Nodes.Values.Where(n => n.Report is not null).Select(n => NodeViews.Of(_store, _operations, _drains, n))];

    /// <summary>What a drain would do.</summary>
    public AdminResult<DrainPreview> PreviewDrain(string node, DrainRequest request) => _drains.Preview(node, request);

    /// <summary>The table with the loads of now; null while reports are being gathered: gateways keep the one that they have.</summary>
    public RoutingTable? GetRoutingTable() => _store.Gathering ? null : _table ??= RoutingTables.Of(_store, _tableVersion);

    /// <summary>Status of the grid.</summary>
    /// <param name="storeKind">embedded or redis.</param>
    public GridStatus GetStatus(string storeKind)
    {
        var silos = _store.Nodes.Values.Where(n => n.IsLive && n.Report!.Facts.Roles.Contains("silo")).ToArray();
        var version = _store.State.Config?.Version ?? 0;
        var reached = _store.Models.Values.All(m => m is { Spec: not null, Dirty: false, Wish.State: "Ready" or "ScaledToZero" } && _store.PlansOf(m.Name).All(p => _store.Progress[p.Key].Whole));
        return new GridStatus(
            _store.State.Config?.Config.Name ?? "grid", version, reached ? version : Math.Max(0, version - 1), new StoreView(storeKind, StoreHealthy ? "Healthy" : "Unavailable"),
            new NodeCounts(silos.Length, silos.Count(n => !n.Late)),
            [.. _store.Gateways.Values.Select(g => new GatewayView(g.Report.Name, g.Report.Url, g.Report.TableVersion, g.Report.TableAgeSeconds))],
            [.. _store.Models.Values.Select(m => ModelViews.Of(_store, m))], Operations);
    }

    private bool IsPublishDue => _store.TableChanged && !_store.Gathering && _store.Now - _publishedAt >= GridTimes.Publish;

    private bool Take(GridEvent e, ref GridDecision.Answer? answer)
    {
        switch (e)
        {
            case GridEvent.Tick: return Tick();
            case GridEvent.NodeReported(var report): return _nodes.Report(report) | Load();
            case GridEvent.MembershipRead(var version, var members): return _nodes.Read(version, members);
            case GridEvent.GatewayReported(var report): return Gateway(report);
            case GridEvent.ModelWished(var wish): return _models.Answered(wish);
            case GridEvent.ReplicaReported(var status): return _plans.Answered(status);
            case GridEvent.ShardAnswered(var node, var sent, var held): return _plans.Answered(node, sent, held);
            case GridEvent.PersistFailed(var error): return Revert(error);
            case GridEvent.Noted(var type, var reason, var about, var message, var actor): _store.Log.Add(_store.Now, type, reason, about, message, actor); return false;
            case GridEvent.ConfigApplied asked: answer = _config.Apply(asked); return true;
            case GridEvent.ConfigRolledBack asked: answer = _config.Rollback(asked); return true;
            case GridEvent.ModelDeployed asked: answer = _config.Deploy(asked); return true;
            case GridEvent.ModelScaled asked: answer = _config.Scale(asked); return true;
            case GridEvent.ModelDeleted asked: answer = _config.Delete(asked); return true;
            case GridEvent.NodeCordoned asked: answer = Cordon(asked); return true;
            case GridEvent.DrainAsked asked: answer = _drains.Drain(asked); return true;
            case GridEvent.OperationCancelled asked: answer = Cancel(asked); return true;
            default: throw new ArgumentException($"Unknown event {e.GetType().Name}.", nameof(e));
        }
    }

    private void Settle(bool revise)
    {
        if (_store.Gathering && (_nodes.AllReported || _store.Now - _store.StartedAt >= GridTimes.Gathering))
        {
            _store.Gathering = false;
            _plans.Sweep(_nodes);
            _models.Sync();
        }

        // Looking through the files of all nodes is dear: a node that joins waits for the next tick, unless a model waits for it.
        if (revise || _models.AwaitFiles) _models.Revise();
        _rankResizer.Advance();
        _migrator.Advance();
        // What streams wait for comes before what is new.
        _repair.Fill();
        _placement.Place();
        _operations.Advance();
        _drains.Advance();
    }

    private List<GridDecision> Decide(GridDecision.Answer? answer)
    {
        var decisions = new List<GridDecision>();
        if (_store.Changed)
        {
            _store.Changed = false;
            _store.State.LastEvent = _store.Log.LastId;
            _pending = _store.State.Snapshot();
            decisions.Add(new GridDecision.Persist(_pending));
        }

        if (answer is not null) decisions.Add(answer);
        _plans.Send(decisions);
        _models.Ask(decisions);
        if (!IsPublishDue) return decisions;
        _store.TableChanged = false;
        _publishedAt = _store.Now;
        // By the clock, so that gateways follow whichever activation is left when two have been publishing.
        _tableVersion = Math.Max(_tableVersion + 1, _store.Now.ToUnixTimeMilliseconds());
        _table = RoutingTables.Of(_store, _tableVersion);
        decisions.Add(new GridDecision.Publish(_table));
        return decisions;
    }

    private bool Tick()
    {
        _nodes.Tick();
        _plans.Tick();
        _models.Tick();
        if (!_store.Gathering) _plans.Sweep(_nodes);
        foreach (var (name, gateway) in _store.Gateways.ToArray())
            if (_store.Now - gateway.LastSeen > GridTimes.GatewayForgotten) _store.Gateways.Remove(name);
        if (StoreHealthy || _store.Now - _probedAt < GridTimes.Resend) return true;
        _probedAt = _store.Now;
        _store.Changed = true;
        return true;
    }

    private bool Gateway(GatewayReport report)
    {
        _store.Gateways[report.Name] = new GatewayRecord(report, _store.Now);
        var wakes = false;
        foreach (var model in _store.Models.Values)
        {
            if (model.Desired != 0 || model.Spec?.Autoscale is null || Observations.Queued(_store, model) == 0) continue;
            model.Dirty = wakes = true;
        }

        return wakes;
    }

    private GridDecision.Answer Cordon(GridEvent.NodeCordoned asked) => _drains.Cordon(asked) is { } fault
        ? new(null, fault)
        : new(NodeViews.Of(_store, _operations, _drains, _store.Nodes[asked.Node]), null);

    private GridDecision.Answer Cancel(GridEvent.OperationCancelled asked)
    {
        if (_operations.Find(asked.Operation) is not { } operation) return new(null, AdminFaults.NotFound("operation", asked.Operation));
        if (!operation.IsOpen) return new(null, AdminFaults.Conflict($"Operation {operation.Id} has ended: {operation.State}."));
        if (operation.Kind == OperationKind.Drain) return _drains.Cancel(operation, asked.Actor);
        if (operation.Kind != OperationKind.Scale) return new(null, AdminFaults.Conflict($"A {operation.Kind.ToString().ToLowerInvariant()} is undone by an earlier configuration, not cancelled."));
        _store.State.Overrides.Remove(operation.Target);
        _store.MarkDirty(operation.Target);
        return new(_operations.End(operation, OperationState.Cancelled, "Cancelled", $"cancelled by {asked.Actor}").View(), null);
    }

    // Loads change with every report: the table is made anew when somebody asks for it.
    private bool Load()
    {
        _table = null;
        return false;
    }

    private void Commit()
    {
        if (_pending is null) return;
        _committed = _pending;
        _pending = null;
        if (!StoreHealthy) _store.Log.Normal(_store.Now, "StoreHealthy", "grid", "the store takes changes again");
        StoreHealthy = true;
    }

    // What the store did not take is not so. The models are asked again, and decide again on what is so.
    private bool Revert(string error)
    {
        _pending = null;
        StoreHealthy = false;
        _probedAt = _store.Now;
        _store.Log.Warn(_store.Now, "StoreUnavailable", "grid", error);
        _store.Load(_committed.Snapshot());
        _store.Changed = false;
        foreach (var model in _store.Models.Values) (model.Wish, model.Unplaced, model.Asked) = (null, false, 0);
        _models.Sync();
        foreach (var node in _store.Nodes.Values) _nodes.Close(node);
        _plans.Reload();
        return false;
    }
}
