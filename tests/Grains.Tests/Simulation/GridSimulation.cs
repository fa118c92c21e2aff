using Grid.Abstractions.Operations;
using Grid.Abstractions.Replicas;
using Grid.Grains.Control;
using Grid.Grains.Models;
using Grid.Grains.Records;
using Grid.Grains.Replicas;

namespace Grid.Grains.Tests.Simulation;

/// <summary>
/// A grid on a fake clock: nodes, a network, a store, the grid grain's activations and a gateway, all drawn from one seed.
/// </summary>
internal sealed class GridSimulation
{
    private readonly SimOptions _options;
    private readonly Random _random;
    private readonly int _devices;
    private readonly List<SimShell> _shells = [];
    private readonly Dictionary<string, SimNode> _live = [];
    private readonly Dictionary<string, SimNode> _processes = [];
    private readonly Dictionary<string, ModelScaler> _models = [];
    private readonly Dictionary<ReplicaId, ReplicaLifecycle> _replicas = [];
    private readonly SimScenario _scenario;
    private readonly Random _grains;
    private long _membership;
    private bool _starting;

    public GridSimulation(int seed, SimOptions options, Planted planted = Planted.None)
    {
        _options = options;
        _random = new Random(seed);
        // With one device a node, replicas of two shards stand on two nodes.
        _devices = seed % 3 == 0 ? 2 : 1;
        Network = new SimNetwork(Clock, new Random(seed + 1));
        Gateway = new SimGateway(this, new Random(seed + 2));
        Invariants = new Invariants(this);
        Fault = new SimFault(planted);
        _grains = new Random(seed + 4);
        _scenario = new SimScenario(this, options, new Random(seed + 3));
    }

    public SimClock Clock { get; } = new();

    public SimNetwork Network { get; }

    public SimStore Store { get; } = new();

    public SimGateway Gateway { get; }

    public Invariants Invariants { get; }

    public SimFault Fault { get; }

    public string[] Sources { get; } = ["models/a", "models/b"];

    public IEnumerable<SimNode> Nodes => _live.Values;

    public IReadOnlyList<SimShell> Shells => _shells;

    /// <summary>Runs the trouble, then leaves the grid alone until it is at rest.</summary>
    public void Run()
    {
        for (var i = 0; i < _options.Nodes; i++) Join($"node-{i:0000}");
        StartShell();
        Gateway.Start();
        Clock.Every(1000, 300, () =>
        {
            TellMembership();
            _shells.RemoveAll(s => !s.Alive);
            if (_shells.Count == 0 && !_starting) StartShellLater();
            Check();
            return true;
        });
        // Activations of replicas and models go as they do in a cluster, and the next ones know nothing.
        Clock.Every(2500, 2500, () =>
        {
            if (_replicas.Count > 0) _replicas.Remove(_replicas.Keys.ElementAt(_grains.Next(_replicas.Count)));
            if (_models.Count > 0) _models.Remove(_models.Keys.ElementAt(_grains.Next(_models.Count)));
            return !_scenario.Stopped;
        });
        _scenario.Start();
        Clock.RunUntil(_options.Seconds * 1000L);
        Heal();
        for (var second = 0; second < 240; second++)
        {
            Clock.RunUntil(Clock.Milliseconds + 1000);
            if (_shells.Count == 1 && Invariants.NotAtRest(_shells[0].Controller) is null) break;
        }

        Clock.RunUntil(Clock.Milliseconds + 2000);
        if (_shells.Count != 1) throw Invariants.Broken($"{_shells.Count} activations at rest");
        if (Invariants.NotAtRest(_shells[0].Controller) is { } unrest) throw Invariants.Broken($"not at rest: {unrest}");
        Check();
    }

    public SimNode? Live(string name) => _live.GetValueOrDefault(name);

    public SimNode? Process(string incarnation) => _processes.GetValueOrDefault(incarnation);

    public ModelScaler Model(string name) => _models.TryGetValue(name, out var model) ? model : _models[name] = new ModelScaler();

    public ReplicaLifecycle Replica(ReplicaId id) =>
        _replicas.TryGetValue(id, out var replica) ? replica : _replicas[id] = new ReplicaLifecycle();

    public void ToShells(string kind, GridEvent e)
    {
        foreach (var shell in _shells.ToArray()) Network.Send(kind, () => shell.Handle(e));
    }

    public void PollTable(Action<Abstractions.Routing.RoutingTable> take)
    {
        if (_shells.Count > 0 && _shells[_random.Next(_shells.Count)] is { Alive: true } shell)
            Network.Call("table polled", shell.Controller.GetRoutingTable, table =>
        {
            if (table is not null) take(table);
        });
    }

    public SimNode Join(string name)
    {
        var generation = 1;
        if (_live.TryGetValue(name, out var before))
        {
            generation = int.Parse(before.Incarnation[(before.Incarnation.IndexOf('#') + 1)..]) + 1;
            if (before.Alive) before.Kill();
            if (!before.DeclaredDead) DeclareDead(before);
        }

        var node = new SimNode(this, name, generation, _devices, new Random(_random.Next()));
        _live[name] = node;
        _processes[node.Incarnation] = node;
        _membership++;
        node.Start();
        return node;
    }

    public void DeclareDead(SimNode node)
    {
        node.DeclaredDead = true;
        _membership++;
        TellMembership();
    }

    public void StartShell() => _shells.Add(new SimShell(this));

    public void StartShellLater()
    {
        _starting = true;
        Clock.After(_random.Next(200, 3000), () =>
        {
            _starting = false;
            if (!_scenario.Stopped || !_shells.Any(s => s.Alive)) StartShell();
        });
    }

    public bool IsForced(ReplicaPlan plan) =>
        _shells.Any(
        s => s.Controller.Store.Operations.Any(
            o => o is { Kind: OperationKind.Drain, Force: true } && plan.Shards.Any(x => x.Node == o.Target)));

    /// <summary>The latest events, to understand a failure by.</summary>
    public string Story() =>
        string.Join('\n',
        _shells.SelectMany(s => s.Controller.GetEvents(0, int.MaxValue).TakeLast(40))
            .Select(e => $"  {(e.Time - Clock.Now).TotalSeconds:0.000} {e.Object} {e.Reason} {e.Message}"));

    private void Heal()
    {
        _scenario.Stopped = true;
        Network.Healed = true;
        Store.Away = false;
        foreach (var shell in _shells.Where(s => !s.IsCurrent)) shell.Alive = false;
        foreach (var shell in _shells.Where(s => s.Alive).SkipLast(1)) shell.Alive = false;
    }

    private void Check()
    {
        foreach (var shell in _shells.Where(s => s.Alive)) Invariants.Ledger(shell.Controller);
        Invariants.Epochs();
    }

    private void TellMembership()
    {
        var members = _processes.Values.Where(n => !n.DeclaredDead || _live[n.Name] == n)
            .Select(n => new MemberSilo(n.Name, n.Address, !n.DeclaredDead)).ToArray();
        ToShells("membership", new GridEvent.MembershipRead(_membership, members));
    }
}
