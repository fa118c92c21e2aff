using Grid.Abstractions.Configuration;
using Grid.Abstractions.Replicas;

namespace Grid.Grains.Store;

/// <summary>Everything that the parts of the controller share: the state of the store, what is derived from it, and what was reported.</summary>
internal sealed class GridStore(GridRules rules, Ledger ledger)
{
    private static readonly long[] None = [];
    private readonly Dictionary<string, List<long>> _plansByNode = [];
    private readonly Dictionary<string, SortedSet<long>> _plansByModel = [];
    private readonly SortedSet<long> _elastic = [];

    public GridRules Rules { get; } = rules;

    public Ledger Ledger { get; } = ledger;

    public GridState State { get; private set; } = new();

    public EventLog Log { get; set; } = new(0);

    public SortedList<string, NodeRecord> Nodes { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, GatewayRecord> Gateways { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, ModelRecord> Models { get; } = new(StringComparer.Ordinal);

    public Dictionary<long, PlanProgress> Progress { get; } = [];

    public DateTimeOffset Now { get; set; }

    /// <summary>When this controller started: what a node reported before it does not know.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Still waiting for the members' reports: nothing is placed.</summary>
    public bool Gathering { get; set; } = true;

    /// <summary>The state has to be written.</summary>
    public bool Changed { get; set; }

    /// <summary>The routing table has to be pushed.</summary>
    public bool TableChanged { get; set; } = true;

    /// <summary>A node has other files than before.</summary>
    public bool FilesChanged { get; set; } = true;

    public IEnumerable<KeyValuePair<long, PlanRecord>> PlansOf(string model) =>
        _plansByModel.TryGetValue(model, out var epochs) ? epochs.Select(epoch => KeyValuePair.Create(epoch, State.Plans[epoch])) : [];

    /// <summary>Epochs of plans with a shard on a node, in a list of its own.</summary>
    public long[] PlansOn(string node) => _plansByNode.TryGetValue(node, out var epochs) ? [.. epochs] : None;

    /// <summary>Plans whose shards may come and go within their epoch: those with expert shards; in a list of its own.</summary>
    public PlanRecord[] Elastic => [.. _elastic.Select(epoch => State.Plans[epoch])];

    /// <summary>The plan that is in force for a replica; null: none.</summary>
    public PlanRecord? Current(string model, int index)
    {
        foreach (var (_, record) in PlansOf(model))
            if (record.Plan.Index == index && !record.Abandoned) return record;
        return null;
    }

    public ModelRecord Model(string name)
    {
        if (!Models.TryGetValue(name, out var model)) Models.Add(name, model = new ModelRecord(name) { Created = Now });
        return model;
    }

    public void MarkDirty(string model)
    {
        if (Models.TryGetValue(model, out var record)) record.Dirty = true;
    }

    /// <summary>Takes a state over and derives everything from it anew.</summary>
    public void Load(GridState state)
    {
        State = state;
        Ledger.Clear();
        _plansByNode.Clear();
        _plansByModel.Clear();
        _elastic.Clear();
        foreach (var (epoch, record) in state.Plans.OrderBy(pair => pair.Key)) Index(epoch, record);
        foreach (var epoch in Progress.Keys.Where(epoch => !state.Plans.ContainsKey(epoch)).ToArray()) Progress.Remove(epoch);
    }

    public void AddPlan(PlanRecord record)
    {
        State.Plans.Add(record.Plan.Epoch, record);
        Index(record.Plan.Epoch, record);
        Touch(record);
    }

    /// <summary>Changes what is wanted of a plan, under a higher sequence.</summary>
    public PlanRecord Direct(PlanRecord record, ReplicaTarget target, DateTimeOffset? handOverAt, bool abandoned = false)
    {
        var next = record with
        {
            Target = target,
            HandOverAt = handOverAt,
            Abandoned = record.Abandoned || abandoned,
            Sequence = Math.Max(record.Sequence + 1, Now.ToUnixTimeMilliseconds()),
        };
        State.Plans[record.Plan.Epoch] = next;
        Progress[record.Plan.Epoch].Due = true;
        Touch(next);
        return next;
    }

    /// <summary>Changes the shards of a plan under its epoch and a higher sequence. What it names no more stays promised until the caller lets go of it.</summary>
    public PlanRecord Replan(PlanRecord changed)
    {
        var epoch = changed.Plan.Epoch;
        var progress = Progress[epoch];
        Unindex(State.Plans[epoch]);
        var next = changed with
        {
            Served = changed.Served || progress.State == ReplicaState.Ready,
            Sequence = Math.Max(changed.Sequence + 1, Now.ToUnixTimeMilliseconds()),
        };
        State.Plans[epoch] = next;
        Index(epoch, next);
        (progress.Due, progress.Whole) = (true, false);
        Touch(next);
        return next;
    }

    /// <summary>Keeps in mind that a plan whose shards may change was ready: whoever takes the grid over after a loss goes on with what is left of it.</summary>
    public void Serve(PlanRecord record)
    {
        if (record.Served || record.Plan.Layout.Expert == 0) return;
        State.Plans[record.Plan.Epoch] = record with { Served = true };
        Changed = true;
    }

    /// <summary>Shards of a plan are gone: their promises end, and with the last of them the plan.</summary>
    public void RemoveShards(PlanRecord record, Func<ShardPlan, bool> gone)
    {
        var epoch = record.Plan.Epoch;
        foreach (var shard in record.Plan.Shards)
            if (gone(shard)) Ledger.Release(ReservationOf(record.Plan, shard));
        var left = record.Plan.Shards.Where(shard => !gone(shard)).ToArray();
        Unindex(record);
        if (left.Length == 0)
        {
            State.Plans.Remove(epoch);
            Progress.Remove(epoch);
        }
        else
        {
            var kept = record with { Plan = record.Plan with { Shards = left } };
            State.Plans[epoch] = kept;
            Index(epoch, kept);
        }

        Touch(record);
    }

    public ModelSpec? SpecOf(string model) => Models.TryGetValue(model, out var record) ? record.Spec : null;

    public static Reservation ReservationOf(ReplicaPlan plan, ShardPlan shard) => new(shard.Node, shard.Device, plan.Id, plan.Epoch, shard.Shard, shard.ReservedBytes, shard.Generation);

    private void Touch(PlanRecord record)
    {
        Changed = true;
        TableChanged = true;
        Model(record.Plan.Model).Dirty = true;
    }

    private void Index(long epoch, PlanRecord record)
    {
        foreach (var shard in record.Places())
        {
            Ledger.Reserve(ReservationOf(record.Plan, shard));
            if (!_plansByNode.TryGetValue(shard.Node, out var onNode)) _plansByNode.Add(shard.Node, onNode = []);
            if (!onNode.Contains(epoch)) onNode.Add(epoch);
        }

        if (!_plansByModel.TryGetValue(record.Plan.Model, out var ofModel)) _plansByModel.Add(record.Plan.Model, ofModel = []);
        ofModel.Add(epoch);
        if (record.Plan.Layout.Expert > 0) _elastic.Add(epoch);
        Progress.TryAdd(epoch, new PlanProgress());
    }

    private void Unindex(PlanRecord record)
    {
        foreach (var shard in record.Places())
            if (_plansByNode.TryGetValue(shard.Node, out var onNode)) onNode.Remove(record.Plan.Epoch);
        _elastic.Remove(record.Plan.Epoch);
        if (_plansByModel.TryGetValue(record.Plan.Model, out var ofModel)) ofModel.Remove(record.Plan.Epoch);
    }
}
