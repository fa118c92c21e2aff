using Grid.Abstractions.Configuration;
using Grid.Grains.Records;

namespace Grid.Grains.Store;

/// <summary>
/// Everything that the parts of the controller share: the state that is kept, what is derived from it, and what was reported. Only its
/// mutators change any of it, and each marks what has to follow: a write, a new routing table, a decision on a model, a directive to a
/// replica.
/// </summary>
internal sealed partial class GridStore
{
    private static readonly long[] None = [];
    private readonly Dictionary<string, List<long>> _plansByNode = [];
    private readonly Dictionary<string, SortedSet<long>> _plansByModel = [];
    private readonly SortedSet<long> _elastic = [];
    private readonly SortedList<string, NodeRecord> _nodes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, GatewayRecord> _gateways = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ModelRecord> _models = new(StringComparer.Ordinal);
    private readonly Dictionary<long, PlanProgress> _progress = [];
    private readonly Dictionary<ReplicaId, ReplicaDelivery> _deliveries = [];
    private readonly ChangeTracker _changes = new();
    private GridState _state = new();

    /// <summary>An empty store.</summary>
    /// <param name="rules">The rules that safety rests on.</param>
    /// <param name="ledger">The ledger of promised device memory; it starts empty.</param>
    /// <param name="startedAt">When this controller started.</param>
    /// <param name="lastEvent">The highest id of an event that may have been seen.</param>
    public GridStore(GridRules rules, Ledger ledger, DateTimeOffset startedAt, long lastEvent)
    {
        (Rules, Ledger, Now, StartedAt) = (rules, ledger, startedAt, startedAt);
        Log = new EventLog(() => Now, lastEvent);
    }

    public GridRules Rules { get; }

    public Ledger Ledger { get; }

    /// <summary>Events for operators.</summary>
    public EventLog Log { get; }

    public DateTimeOffset Now { get; private set; }

    /// <summary>When this controller started: what a node reported before it does not know.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Still waiting for the members' reports: nothing is placed.</summary>
    public bool Gathering { get; private set; } = true;

    public string Incarnation => _state.Incarnation;

    public long Epoch => _state.Epoch;

    /// <summary>The configuration in force; null if there is none yet.</summary>
    public ConfigRecord? Config => _state.Config;

    public IReadOnlyList<ConfigRecord> Configs => _state.Configs;

    /// <summary>Models that were deployed beside the file.</summary>
    public IReadOnlyDictionary<string, ModelSpec> Deployed => _state.Deployed;

    /// <summary>Models of the file that are deleted until it changes them.</summary>
    public IReadOnlySet<string> Deleted => _state.Deleted;

    /// <summary>Numbers of replicas that were set by hand.</summary>
    public IReadOnlyDictionary<string, int> Overrides => _state.Overrides;

    public IReadOnlyDictionary<string, CordonRecord> Cordons => _state.Cordons;

    public IReadOnlyDictionary<long, PlanRecord> Plans => _state.Plans;

    public IReadOnlyList<OperationRecord> Operations => _state.Operations;

    public IReadOnlyDictionary<string, NodeRecord> Nodes => _nodes;

    public IReadOnlyDictionary<string, GatewayRecord> Gateways => _gateways;

    public IReadOnlyDictionary<string, ModelRecord> Models => _models;

    public IReadOnlyDictionary<long, PlanProgress> Progress => _progress;

    /// <summary>Directives to replicas, by replica.</summary>
    public IReadOnlyDictionary<ReplicaId, ReplicaDelivery> Deliveries => _deliveries;

    /// <summary>A copy of the list of plans whose shards may come and go within their epoch: those with expert shards.</summary>
    public PlanRecord[] Elastic => [.. _elastic.Select(epoch => _state.Plans[epoch])];

    /// <summary>Whether the routing table has to be pushed.</summary>
    public bool IsTableChanged => _changes.Table;

    /// <summary>Time passes; it never runs back.</summary>
    public void Advance(DateTimeOffset now) => Now = now > Now ? now : Now;

    /// <summary>The members have reported, or had their time.</summary>
    public void EndGathering() => Gathering = false;

    public IEnumerable<KeyValuePair<long, PlanRecord>> PlansOf(string model) =>
        _plansByModel.TryGetValue(model, out var epochs) ? epochs.Select(epoch => KeyValuePair.Create(epoch, _state.Plans[epoch])) : [];

    /// <summary>A copy of the list of epochs of plans with a shard on a node.</summary>
    public long[] PlansOn(string node) => _plansByNode.TryGetValue(node, out var epochs) ? [.. epochs] : None;

    /// <summary>The plan that is in force for a replica; null if there is none.</summary>
    public PlanRecord? Current(string model, int index)
    {
        foreach (var (_, record) in PlansOf(model))
            if (record.Plan.Index == index && !record.Abandoned) return record;
        return null;
    }

    public ModelSpec? SpecOf(string model) => _models.TryGetValue(model, out var record) ? record.Spec : null;

    /// <summary>Replaces the state and derives everything from it again.</summary>
    public void Load(GridState state)
    {
        _state = state;
        _changes.DropState();
        Ledger.Clear();
        _plansByNode.Clear();
        _plansByModel.Clear();
        _elastic.Clear();
        foreach (var (epoch, record) in state.Plans.OrderBy(pair => pair.Key)) Index(epoch, record);
        foreach (var epoch in _progress.Keys.Where(epoch => !state.Plans.ContainsKey(epoch)).ToArray()) _progress.Remove(epoch);
        foreach (var model in _models.Values) model.Forget();
        foreach (var delivery in _deliveries.Values) delivery.Change(Now);
    }

    /// <summary>A copy of the state if it has to be written, else null; each change is returned once.</summary>
    public GridState? TakeUnsaved()
    {
        if (!_changes.TakeState()) return null;
        _state.LastEvent = Log.LastId;
        return _state.Snapshot();
    }

    /// <summary>The state is to be written, changed or not: whether the store takes it is to be found out.</summary>
    public void ProbeStorage() => _changes.MarkState();

    /// <summary>Whether the routing table has to be pushed; asked once.</summary>
    public bool TakeTableChange() => _changes.TakeTable();

    /// <summary>Whether a node has other files than before; asked once.</summary>
    public bool TakeFilesChange() => _changes.TakeFiles();
}
