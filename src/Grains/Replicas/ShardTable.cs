using Grid.Abstractions.Replicas;

namespace Grid.Grains.Replicas;

/// <summary>
/// The node's ledger of shards: what a ShardHost does with directives and outcomes. Older epochs and sequences change nothing; a shard has one
/// live epoch, and a new epoch loads only when the one before it is unloaded; what was stopped cannot come back.
/// </summary>
internal sealed class ShardTable
{
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The highest epoch that was ever told.</summary>
    public long MaxEpoch { get; private set; }

    /// <summary>Takes a directive and returns the work that it asks for; none where it is old or says nothing new.</summary>
    public IReadOnlyList<ShardIntent> Apply(ShardDirective directive)
    {
        MaxEpoch = Math.Max(MaxEpoch, directive.Plan.Epoch);
        var id = Id(directive.Plan.Id, directive.Shard);
        if (!_entries.TryGetValue(id, out var entry)) _entries.Add(id, entry = new Entry());
        if (entry.Told is { } told && IsOlder(directive, told)) return [];
        var before = entry.Told;
        entry.Told = directive;
        if (entry.Held is { } held && held.Plan.Epoch != directive.Plan.Epoch) return Unload(entry, held, null);
        if (entry.Held is null) return directive.Target == ReplicaTarget.Stop || entry.Spent >= directive.Plan.Epoch ? [] : [Load(entry)];
        return directive.Target == before?.Target && directive.HandOverAt == before?.HandOverAt ? [] : Turn(entry, entry.Held, directive);
    }

    /// <summary>Share of a shard's weights that is read, 0 to 1.</summary>
    public void SetProgress(string replica, long epoch, string shard, double progress)
    {
        if (Held(replica, epoch, shard) is { State: ShardState.Loading } held) held.Progress = progress;
    }

    /// <summary>A load has ended well.</summary>
    public void SetLoaded(string replica, long epoch, string shard)
    {
        if (Held(replica, epoch, shard) is not { State: ShardState.Loading } held) return;
        held.Progress = 1;
        held.State = _entries[Id(replica, shard)].Told!.Target == ReplicaTarget.Drain ? ShardState.Draining : ShardState.Ready;
    }

    /// <summary>A load or an engine has failed; the shard holds its place until it is told to stop.</summary>
    public void SetFailed(string replica, long epoch, string shard, string reason, string message)
    {
        if (Held(replica, epoch, shard) is not { } held || held.State == ShardState.Stopping) return;
        held.State = ShardState.Failed;
        held.Reason = reason;
        held.Message = message;
    }

    /// <summary>An unload has ended.</summary>
    /// <returns>A load that waited for it.</returns>
    public IReadOnlyList<ShardIntent> SetUnloaded(string replica, long epoch, string shard)
    {
        if (Held(replica, epoch, shard) is null) return [];
        var entry = _entries[Id(replica, shard)];
        entry.Held = null;
        entry.Spent = epoch;
        return entry.Told!.Plan.Epoch > epoch && entry.Told.Target != ReplicaTarget.Stop ? [Load(entry)] : [];
    }

    /// <summary>What is held of a shard at an epoch; null: nothing, nor will an older directive bring it.</summary>
    public ShardStatus? StatusOf(string replica, long epoch, string shard)
    {
        if (!_entries.TryGetValue(Id(replica, shard), out var entry)) return null;
        if (entry.Held is { } held && held.Plan.Epoch == epoch) return held.Status(shard);
        return entry.Told is { } told && told.Plan.Epoch == epoch && told.Target != ReplicaTarget.Stop && entry.Spent < epoch ? Waiting(told) : null;
    }

    /// <summary>All that the node holds or is about to load, by id.</summary>
    public ShardStatus[] Statuses()
    {
        var all = new List<ShardStatus>(_entries.Count);
        foreach (var entry in _entries.Values)
        {
            if (entry.Held is { } held) all.Add(held.Status(held.Shard));
            if (entry.Told is { } told && entry.Held is { } old && old.Plan.Epoch < told.Plan.Epoch && told.Target != ReplicaTarget.Stop) all.Add(Waiting(told));
        }

        return [.. all];
    }

    /// <summary>Plans of all shards in <see cref="Statuses"/>, each once.</summary>
    public ReplicaPlan[] Plans() =>
        [.. _entries.Values.SelectMany(Plans).DistinctBy(plan => (plan.Id, plan.Epoch))];

    private static IEnumerable<ReplicaPlan> Plans(Entry entry)
    {
        if (entry.Held is not { } held) yield break;
        yield return held.Plan;
        if (entry.Told!.Plan.Epoch != held.Plan.Epoch && entry.Told.Target != ReplicaTarget.Stop) yield return entry.Told.Plan;
    }

    private static IReadOnlyList<ShardIntent> Turn(Entry entry, Holding held, ShardDirective directive)
    {
        if (held.State == ShardState.Stopping) return directive.Target == ReplicaTarget.Stop ? Unload(entry, held, directive.HandOverAt) : [];
        if (directive.Target == ReplicaTarget.Stop) return Unload(entry, held, directive.HandOverAt);
        if (held.State is ShardState.Loading or ShardState.Failed) return [];
        var drain = directive.Target == ReplicaTarget.Drain;
        held.State = drain ? ShardState.Draining : ShardState.Ready;
        return [new ShardIntent(drain ? ShardIntentKind.Drain : ShardIntentKind.Serve, held.Plan, held.Shard, directive.HandOverAt)];
    }

    private static ShardIntent Load(Entry entry)
    {
        var told = entry.Told!;
        entry.Held = new Holding(told.Plan, told.Shard);
        return new ShardIntent(ShardIntentKind.Load, told.Plan, told.Shard, null);
    }

    private static IReadOnlyList<ShardIntent> Unload(Entry entry, Holding held, DateTimeOffset? handOverAt)
    {
        held.State = ShardState.Stopping;
        entry.Spent = Math.Max(entry.Spent, held.Plan.Epoch);
        return [new ShardIntent(ShardIntentKind.Unload, held.Plan, held.Shard, handOverAt)];
    }

    private static ShardStatus Waiting(ShardDirective told) => new Holding(told.Plan, told.Shard).Status(told.Shard);

    private static bool IsOlder(ShardDirective directive, ShardDirective told) =>
        directive.Plan.Epoch < told.Plan.Epoch || (directive.Plan.Epoch == told.Plan.Epoch && directive.Sequence < told.Sequence);

    private static string Id(string replica, string shard) => $"{replica}/{shard}";

    private Holding? Held(string replica, long epoch, string shard) =>
        _entries.TryGetValue(Id(replica, shard), out var entry) && entry.Held is { } held && held.Plan.Epoch == epoch ? held : null;

    private sealed class Entry
    {
        public ShardDirective? Told { get; set; }

        public Holding? Held { get; set; }

        public long Spent { get; set; }
    }

    private sealed class Holding(ReplicaPlan plan, string shard)
    {
        private readonly ShardPlan _place = plan.Shards.First(s => s.Shard == shard);

        public ReplicaPlan Plan { get; } = plan;

        public string Shard { get; } = shard;

        public ShardState State { get; set; }

        public double Progress { get; set; }

        public string? Reason { get; set; }

        public string? Message { get; set; }

        public ShardStatus Status(string name) => new(Plan.Id, Plan.Epoch, name, State, _place.Device, _place.ReservedBytes, Progress, Reason, Message);
    }
}
