using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Grains;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Routing;
using Grid.Configuration.Changes;

namespace Grid.Gateway.Tests.Admin;

/// <summary>
/// A grid of plain memory: two nodes and the models of the configuration, every operation done at once unless told otherwise.
/// </summary>
internal sealed class FakeGrid : IGridGrain
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, NodeView> _nodes = new() { ["b"] = Node("b"), ["a"] = Node("a") };
    private readonly List<OperationView> _operations = [];
    private readonly List<GridEventView> _events = [];
    private readonly List<ConfigVersionView> _versions = [];
    private readonly Dictionary<string, int> _scaled = [];
    private readonly Dictionary<string, ModelSpec> _models = [];

    /// <summary>Thrown by every call while set.</summary>
    public Exception? Trouble { get; set; }

    /// <summary>State that drains come to: Succeeded, Blocked or Running.</summary>
    public string DrainState { get; set; } = "Succeeded";

    /// <summary>Why drains are refused; null: they are not.</summary>
    public AdminFault? DrainRefusal { get; set; }

    /// <summary>State that models show.</summary>
    public string ModelState { get; set; } = "Ready";

    public List<string> Actors { get; } = [];

    public DrainRequest? LastDrain { get; private set; }

    public ModelSpec? LastDeployed { get; private set; }

    public IReadOnlyDictionary<string, ModelSpec> Models => _models;

    /// <summary>The nodes' own grains.</summary>
    public IReadOnlyDictionary<string, FakeNode> Hosts { get; } = new Dictionary<string, FakeNode> { ["a"] = new(), ["b"] = new() };

    public Task ReportNode(NodeReport report) => Task.CompletedTask;

    public Task ReportGateway(GatewayReport report) => Task.CompletedTask;

    public Task<string[]> GetSources() => Answer(() => Array.Empty<string>());

    public Task<RoutingTable?> GetRoutingTable(string? knownGrid, long knownVersion) =>
        Answer<RoutingTable?>(() => new RoutingTable("g1", 41, new GatewaySpec(), [], Start));

    public Task Subscribe(IRoutingTableObserver observer) => Task.CompletedTask;

    public Task<GridStatus> GetStatus() => Answer(() => new GridStatus(
        "prod", Version, Version, new StoreView("embedded", "Healthy"),
        new NodeCounts(_nodes.Count, _nodes.Values.Count(node => node.State == NodeState.Ready)),
        [new GatewayView("a", "http://127.0.0.1:8000", 41, 0.3)], [.. _models.Values.OrderBy(model => model.Name).Select(View)],
            [.. _operations]));

    public Task<NodeView[]> GetNodes() => Answer(() => _nodes.Values.ToArray());

    public Task<OperationView[]> GetOperations() => Answer(() => _operations.ToArray());

    public Task<GridEventView[]> GetEvents(long since, int limit) =>
        Answer(() => _events.Where(item => item.Id > since).Take(limit).ToArray());

    public Task<ConfigVersionView[]> GetConfigVersions() => Answer(() => _versions.ToArray());

    public Task<AdminResult<ConfigVersionView>> Apply(GridConfig config, string text, long? expectedVersion, string actor) =>
        Answer<AdminResult<ConfigVersionView>>(() =>
    {
        if (expectedVersion is { } expected && expected != Version)
            return new AdminFault(412, "version", $"Version {Version} is in force, not {expected}.", []);
        Actors.Add(actor);
        return Accept(config, text, actor);
    });

    public Task<AdminResult<ConfigVersionView>> Rollback(long version, string actor) => Answer<AdminResult<ConfigVersionView>>(() =>
        _versions.FirstOrDefault(known => known.Version == version) is { } old
            ? Accept(ConfigText.Read(old.Text)!, old.Text, actor)
            : new AdminFault(404, "not_found", $"There is no version {version}.", []));

    public Task<AdminResult<OperationView>> Deploy(ModelSpec model, string actor) => Answer<AdminResult<OperationView>>(() =>
    {
        LastDeployed = model;
        _models[model.Name] = model;
        return Done("Rollout", model.Name);
    });

    public Task<AdminResult<OperationView>> Scale(string model, int replicas, string actor) => Answer<AdminResult<OperationView>>(() =>
    {
        if (!_models.ContainsKey(model)) return new AdminFault(404, "not_found", $"There is no model '{model}'.", []);
        if (replicas > 100)
            return new AdminFault(409, "no_capacity", $"{replicas} replicas need 200 GiB, 16 GiB are free.", ["a: 8 GiB", "b: 8 GiB"]);
        _scaled[model] = replicas;
        return Done("Scale", model);
    });

    public Task<AdminResult<OperationView>> Delete(string model, string actor) => Answer<AdminResult<OperationView>>(() =>
        _models.Remove(model) ? Done("Delete", model) : new AdminFault(404, "not_found", $"There is no model '{model}'.", []));

    public Task<AdminResult<NodeView>> Cordon(string node, bool cordoned, string actor) => Answer<AdminResult<NodeView>>(() =>
        _nodes.TryGetValue(node, out var view)
            ? _nodes[node] = view with { Cordoned = cordoned, State = NodeState.Ready, Drain = null }
            : Missing(node));

    public Task<AdminResult<OperationView>> Drain(string node, DrainRequest request, string actor) =>
        Answer<AdminResult<OperationView>>(() =>
    {
        LastDrain = request;
        if (!_nodes.TryGetValue(node, out var view)) return Missing(node);
        if (DrainRefusal is { } refusal) return refusal;
        var operation = Done("Drain", node, DrainState);
        _nodes[node] = view with
        {
            Cordoned = true,
            State = DrainState == "Succeeded" ? NodeState.Drained : NodeState.Draining,
            Drain = new DrainView(operation.Id, DrainState, 3, 1, Start),
        };
        return operation;
    });

    public Task<AdminResult<DrainPreview>> PreviewDrain(string node, DrainRequest request) => Answer<AdminResult<DrainPreview>>(() =>
        DrainRefusal is { } refusal
            ? new DrainPreview(false, [refusal.Message], [], 5)
            : new DrainPreview(true, [], [new ShardMove(ReplicaShardId.Parse("m/r0/dp0/pp0/tp0"), node, "b")], 5));

    public Task<AdminResult<OperationView>> Cancel(string operation, string actor) => Answer<AdminResult<OperationView>>(() =>
    {
        var at = _operations.FindIndex(known => known.Id == operation);
        if (at < 0) return new AdminFault(404, "not_found", $"There is no operation '{operation}'.", []);
        return _operations[at] = _operations[at] with { State = "Cancelled", EndedAt = Start };
    });

    public Task Record(string type, string reason, string @object, string message, string actor) => Answer(() =>
    {
        _events.Add(new GridEventView(_events.Count + 1, Start, type, reason, @object, message, 1, actor));
        return true;
    });

    private long Version => _versions.Count;

    private static NodeView Node(string name) => new(
        name, NodeState.Ready, null, null, false, ["silo"], "127.0.0.1", 123, "0.1.0", "1.0", new() { ["zone"] = "a" },
        [new DeviceView(DeviceId.Sim(0), DeviceKind.Sim, 8L << 30, 4L << 30)],
            [new ShardView(ReplicaShardId.Parse("m/r0/dp0/pp0/tp0"), 7, "Ready", DeviceId.Sim(0), 4L << 30)], 5, null,
            Start, Start, $"10.0.0.{name[0] - 'a' + 1}:8005");

    private static AdminFault Missing(string node) => new(404, "not_found", $"There is no node '{node}'.", []);

    private ModelView View(ModelSpec model)
    {
        var desired = _scaled.TryGetValue(model.Name, out var scaled) ? scaled : model.Replicas ?? model.Autoscale!.Min;
        var replicas = Enumerable.Range(0, desired).Select(index => new ReplicaView(
            new ReplicaId(model.Name, index), 7, "Ready", null, null, 65536, 16.0, new StrategyView(1, 1, 1, 1),
            [new RankView(new ReplicaId(model.Name, index).Rank(0), "a", "Ready", 3, 0)]));
        return new ModelView(model.Name, ModelState, null, null, desired, ModelState == "Ready" ? desired : 0, model.MinAvailable,
            "sha256:1", 5, 0, 0, 0.12, [.. replicas]);
    }

    private ConfigVersionView Accept(GridConfig config, string text, string actor)
    {
        _models.Clear();
        foreach (var model in config.Models) _models[model.Name] = model;
        _versions.Add(new ConfigVersionView(Version + 1, Start, actor, text, $"{config.Models.Length} models"));
        return _versions[^1];
    }

    private OperationView Done(string kind, string target, string state = "Succeeded")
    {
        _operations.Add(
            new OperationView($"op-{_operations.Count + 1}", kind, target, state, state == "Blocked" ? "NoRoom" : null,
            state == "Blocked" ? "1 stream finds no room" : null, Start, state == "Succeeded" ? Start : null));
        return _operations[^1];
    }

    private Task<T> Answer<T>(Func<T> answer)
    {
        lock (_gate) return Trouble is { } trouble ? Task.FromException<T>(trouble) : Task.FromResult(answer());
    }
}
