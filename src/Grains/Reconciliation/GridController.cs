using Grid.Abstractions.Admin;
using Grid.Abstractions.Routing;
using Grid.Grains.Placement;

namespace Grid.Grains.Reconciliation;

/// <summary>
/// The brain of the grid: every placement, drain, rollout and epoch is decided here, one event at a time, from reports that may be late, lost,
/// doubled or out of order. It knows no clock and does nothing itself: see <see cref="GridDecision"/> for what the shell owes it.
/// </summary>
internal sealed class GridController
{
    private readonly GridWorld _world;
    private readonly PlanBook _plans;
    private readonly NodeBook _nodes;
    private readonly ModelBook _models;
    private readonly OperationBook _operations;
    private readonly PlacementBook _placement;
    private readonly ConfigBook _config;
    private readonly DrainBook _drains;
    private readonly StrayBook _strays;
    private readonly GapBook _gaps;
    private readonly RankBook _ranks;
    private readonly MoveBook _moves;
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
        _world = new GridWorld(rules ?? new GridRules(), ledger ?? new Ledger()) { Now = now, StartedAt = now, Log = new GridLog(state.LastEvent) };
        _strays = new StrayBook(_world);
        var losses = new LossBook(_world, _strays);
        _plans = new PlanBook(_world, losses, _strays, new Adoption(_world, losses, _strays, state.Epoch));
        _nodes = new NodeBook(_world, _plans, state.Epoch);
        _operations = new OperationBook(_world);
        _models = new ModelBook(_world, _operations);
        _placement = new PlacementBook(_world);
        _gaps = new GapBook(_world, _placement, losses);
        _ranks = new RankBook(_world, _operations, losses);
        _moves = new MoveBook(_world, _operations, _placement, losses, _strays);
        _config = new ConfigBook(_world, _models, _operations);
        _drains = new DrainBook(_world, _nodes, _operations, _placement);
        _committed = state.Snapshot();
        _tableVersion = now.ToUnixTimeMilliseconds();
        _world.Load(state.Snapshot());
        _world.Changed = state.Epoch == 0 && state.Configs.Count == 0;
        _models.Sync();
    }

    /// <summary>Model sources that nodes are to look at.</summary>
    public string[] Sources => [.. _world.Models.Values.Where(m => m.Spec is not null && m.Spec.Source != Revisions.Simulated).Select(m => m.Spec!.Source).Distinct()];

    /// <summary>Whether the store took the last state.</summary>
    public bool StoreHealthy { get; private set; } = true;

    /// <summary>Accepted configurations, oldest first.</summary>
    public ConfigVersionView[] ConfigVersions => [.. _world.State.Configs.Select(c => c.View())];

    /// <summary>Operations, newest last.</summary>
    public OperationView[] Operations => [.. _world.State.Operations.Select(o => o.View())];

    /// <summary>The world, for the simulation's invariants.</summary>
    internal GridWorld World => _world;

    /// <summary>Shards that no plan knows any more, likewise.</summary>
    internal StrayBook Strays => _strays;

    /// <summary>Takes one event and says what is to be done.</summary>
    public IReadOnlyList<GridDecision> Handle(GridEvent e, DateTimeOffset now)
    {
        _world.Now = now > _world.Now ? now : _world.Now;
        GridDecision.Answer? answer = null;
        if (e is not GridEvent.PersistFailed) Commit();
        if (!Take(e, ref answer) && !IsPublishDue) return [];
        Settle(e is GridEvent.Tick || answer is not null);
        return Decide(answer);
    }

    /// <summary>Events after an id, oldest first.</summary>
    public GridEventView[] GetEvents(long since, int limit) => _world.Log.Since(since, limit);

    /// <summary>All nodes, sorted by name.</summary>
    public NodeView[] GetNodes() => [.. _world.Nodes.Values.Where(n => n.Report is not null).Select(n => NodeViews.Of(_world, _operations, _drains, n))];

    /// <summary>What a drain would do.</summary>
    public AdminResult<DrainPreview> PreviewDrain(string node, DrainRequest request) => _drains.Preview(node, request);

    /// <summary>The table with the loads of now; null while reports are being gathered: gateways keep the one that they have.</summary>
    public RoutingTable? GetRoutingTable() => _world.Gathering ? null : _table ??= RoutingTables.Of(_world, _tableVersion);

    /// <summary>Status of the grid.</summary>
    /// <param name="storeKind">embedded or redis.</param>
    public GridStatus GetStatus(string storeKind)
    {
        var silos = _world.Nodes.Values.Where(n => n.IsLive && n.Report!.Facts.Roles.Contains("silo")).ToArray();
        var version = _world.State.Config?.Version ?? 0;
        var reached = _world.Models.Values.All(m => m is { Spec: not null, Dirty: false, Wish.State: "Ready" or "ScaledToZero" } && _world.PlansOf(m.Name).All(p => _world.Progress[p.Key].Whole));
        return new GridStatus(
            _world.State.Config?.Config.Name ?? "grid", version, reached ? version : Math.Max(0, version - 1), new StoreView(storeKind, StoreHealthy ? "Healthy" : "Unavailable"),
            new NodeCounts(silos.Length, silos.Count(n => !n.Late)),
            [.. _world.Gateways.Values.Select(g => new GatewayView(g.Report.Name, g.Report.Url, g.Report.TableVersion, g.Report.TableAgeSeconds))],
            [.. _world.Models.Values.Select(m => ModelViews.Of(_world, m))], Operations);
    }

    private bool IsPublishDue => _world.TableChanged && !_world.Gathering && _world.Now - _publishedAt >= GridTimes.Publish;

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
            case GridEvent.Noted(var type, var reason, var about, var message, var actor): _world.Log.Add(_world.Now, type, reason, about, message, actor); return false;
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
        if (_world.Gathering && (_nodes.AllReported || _world.Now - _world.StartedAt >= GridTimes.Gathering))
        {
            _world.Gathering = false;
            _plans.Sweep(_nodes);
            _models.Sync();
        }

        // Looking through the files of all nodes is dear: a node that joins waits for the next tick, unless a model waits for it.
        if (revise || _models.AwaitFiles) _models.Revise();
        _ranks.Advance();
        _moves.Advance();
        // What streams wait for comes before what is new.
        _gaps.Fill();
        _placement.Place();
        _operations.Advance();
        _drains.Advance();
    }

    private List<GridDecision> Decide(GridDecision.Answer? answer)
    {
        var decisions = new List<GridDecision>();
        if (_world.Changed)
        {
            _world.Changed = false;
            _world.State.LastEvent = _world.Log.LastId;
            _pending = _world.State.Snapshot();
            decisions.Add(new GridDecision.Persist(_pending));
        }

        if (answer is not null) decisions.Add(answer);
        _plans.Send(decisions);
        _models.Ask(decisions);
        if (!IsPublishDue) return decisions;
        _world.TableChanged = false;
        _publishedAt = _world.Now;
        // By the clock, so that gateways follow whichever activation is left when two have been publishing.
        _tableVersion = Math.Max(_tableVersion + 1, _world.Now.ToUnixTimeMilliseconds());
        _table = RoutingTables.Of(_world, _tableVersion);
        decisions.Add(new GridDecision.Publish(_table));
        return decisions;
    }

    private bool Tick()
    {
        _nodes.Tick();
        _plans.Tick();
        _models.Tick();
        if (!_world.Gathering) _plans.Sweep(_nodes);
        foreach (var (name, gateway) in _world.Gateways.ToArray())
            if (_world.Now - gateway.LastSeen > GridTimes.GatewayForgotten) _world.Gateways.Remove(name);
        if (StoreHealthy || _world.Now - _probedAt < GridTimes.Resend) return true;
        _probedAt = _world.Now;
        _world.Changed = true;
        return true;
    }

    private bool Gateway(GatewayReport report)
    {
        _world.Gateways[report.Name] = new GatewayRecord(report, _world.Now);
        var wakes = false;
        foreach (var model in _world.Models.Values)
        {
            if (model.Desired != 0 || model.Spec?.Autoscale is null || Observations.Queued(_world, model) == 0) continue;
            model.Dirty = wakes = true;
        }

        return wakes;
    }

    private GridDecision.Answer Cordon(GridEvent.NodeCordoned asked) => _drains.Cordon(asked) is { } fault
        ? new(null, fault)
        : new(NodeViews.Of(_world, _operations, _drains, _world.Nodes[asked.Node]), null);

    private GridDecision.Answer Cancel(GridEvent.OperationCancelled asked)
    {
        if (_operations.Find(asked.Operation) is not { } operation) return new(null, Faults.NotFound("operation", asked.Operation));
        if (!operation.IsOpen) return new(null, Faults.Conflict($"Operation {operation.Id} has ended: {operation.State}."));
        if (operation.Kind == OperationKind.Drain) return _drains.Cancel(operation, asked.Actor);
        if (operation.Kind != OperationKind.Scale) return new(null, Faults.Conflict($"A {operation.Kind.ToString().ToLowerInvariant()} is undone by an earlier configuration, not cancelled."));
        _world.State.Overrides.Remove(operation.Target);
        _world.MarkDirty(operation.Target);
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
        if (!StoreHealthy) _world.Log.Normal(_world.Now, "StoreHealthy", "grid", "the store takes changes again");
        StoreHealthy = true;
    }

    // What the store did not take is not so. The models are asked again, and decide again on what is so.
    private bool Revert(string error)
    {
        _pending = null;
        StoreHealthy = false;
        _probedAt = _world.Now;
        _world.Log.Warn(_world.Now, "StoreUnavailable", "grid", error);
        _world.Load(_committed.Snapshot());
        _world.Changed = false;
        foreach (var model in _world.Models.Values) (model.Wish, model.Unplaced, model.Asked) = (null, false, 0);
        _models.Sync();
        foreach (var node in _world.Nodes.Values) _nodes.Close(node);
        _plans.Reload();
        return false;
    }
}
