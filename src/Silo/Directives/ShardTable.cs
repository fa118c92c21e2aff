using Grid.Abstractions.Replicas;
using Grid.Grains.Records;

namespace Grid.Silo.Directives;

/// <summary>
/// The node's ledger of shards: what a ShardHost does with directives and outcomes. Older versions (epoch, then generation) and sequences
/// change nothing; a shard has one live version, and a newer one loads only when the one before it is unloaded; what was stopped cannot
/// come back.
/// </summary>
internal sealed class ShardTable
{
    private readonly SortedDictionary<string, ShardEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>The highest epoch of any directive so far.</summary>
    public long MaxEpoch { get; private set; }

    /// <summary>Takes a directive and returns the work that it asks for; none where it is old or says nothing new.</summary>
    public IReadOnlyList<ShardIntent> Apply(ShardDirective directive)
    {
        MaxEpoch = Math.Max(MaxEpoch, directive.Plan.Epoch);
        var id = Id(directive.Plan.Id, directive.Shard);
        var version = ShardVersion.Of(directive);
        if (!_entries.TryGetValue(id, out var entry)) _entries.Add(id, entry = new ShardEntry());
        if (entry.Newest is { } newest
            && (version < entry.NewestVersion || (version == entry.NewestVersion && directive.Sequence < newest.Sequence))) return [];
        var before = entry.Newest;
        (entry.Newest, entry.NewestVersion) = (directive, version);
        if (entry.Held is { } held && held.Version != version) return Unload(entry, held, null);
        if (entry.Held is null) return directive.Target == ReplicaTarget.Stop || entry.Retired >= version ? [] : [Load(entry)];
        var intents = new List<ShardIntent>();
        // Experts call no other shard, and need not know which node holds which shard.
        if (entry.Held.Follow(directive) && !directive.Shard.IsExpert) intents.Add(Intent(ShardIntentKind.Update, entry.Held, null));
        if (directive.Target != before?.Target || directive.HandOverAt != before?.HandOverAt)
            intents.AddRange(Turn(entry, entry.Held, directive));
        return intents;
    }

    /// <summary>Share of a shard's weights that is read, 0 to 1.</summary>
    public void SetProgress(ReplicaId replica, ShardVersion version, ShardId shard, double progress)
    {
        if (Held(replica, version, shard) is { State: ShardState.Loading } held) held.Progress = progress;
    }

    /// <summary>A load has ended well.</summary>
    public void SetLoaded(ReplicaId replica, ShardVersion version, ShardId shard)
    {
        if (Held(replica, version, shard) is not { State: ShardState.Loading } held) return;
        held.Progress = 1;
        held.State = _entries[Id(replica, shard)].Newest!.Target == ReplicaTarget.Drain ? ShardState.Draining : ShardState.Ready;
    }

    /// <summary>A load or an engine has failed; the shard keeps its place until a directive stops it.</summary>
    public void SetFailed(ReplicaId replica, ShardVersion version, ShardId shard, string reason, string message)
    {
        if (Held(replica, version, shard) is not { } held || held.State == ShardState.Stopping) return;
        held.State = ShardState.Failed;
        held.Reason = reason;
        held.Message = message;
    }

    /// <summary>An unload has ended.</summary>
    /// <returns>A load that waited for it.</returns>
    public IReadOnlyList<ShardIntent> SetUnloaded(ReplicaId replica, ShardVersion version, ShardId shard)
    {
        if (Held(replica, version, shard) is null) return [];
        var entry = _entries[Id(replica, shard)];
        entry.Held = null;
        entry.Retired = version;
        return entry.IsAwaited ? [Load(entry)] : [];
    }

    /// <summary>What is held of a placement of a shard; null if nothing is, and no older directive can bring it back.</summary>
    public ShardStatus? StatusOf(ReplicaId replica, ShardVersion version, ShardId shard)
    {
        if (!_entries.TryGetValue(Id(replica, shard), out var entry)) return null;
        if (entry.Held is { } held && held.Version == version) return held.Status();
        return entry.IsAwaited && entry.NewestVersion == version ? Waiting(entry) : null;
    }

    /// <summary>All that the node holds or is about to load, by id.</summary>
    public ShardStatus[] Statuses()
    {
        var all = new List<ShardStatus>(_entries.Count);
        foreach (var entry in _entries.Values)
        {
            if (entry.Held is not { } held) continue;
            all.Add(held.Status());
            if (entry.IsAwaited) all.Add(Waiting(entry));
        }

        return [.. all];
    }

    /// <summary>Plans of all shards in <see cref="Statuses"/>, each epoch once, as of its last directive.</summary>
    public ReplicaPlan[] Plans() =>
        [.. _entries.Values.SelectMany(Plans).OrderByDescending(newest => newest.Sequence).Select(newest => newest.Plan)
        .DistinctBy(plan => (plan.Id, plan.Epoch)).OrderBy(plan => plan.Epoch)];

    private static IEnumerable<(ReplicaPlan Plan, long Sequence)> Plans(ShardEntry entry)
    {
        if (entry.Held is not { } held) yield break;
        yield return (held.Plan, held.Sequence);
        if (entry.IsAwaited) yield return (entry.Newest!.Plan, entry.Newest.Sequence);
    }

    private static IReadOnlyList<ShardIntent> Turn(ShardEntry entry, HeldShard held, ShardDirective directive)
    {
        if (held.State == ShardState.Stopping)
            return directive.Target == ReplicaTarget.Stop ? Unload(entry, held, directive.HandOverAt) : [];
        if (directive.Target == ReplicaTarget.Stop) return Unload(entry, held, directive.HandOverAt);
        if (held.State is ShardState.Loading or ShardState.Failed) return [];
        var drain = directive.Target == ReplicaTarget.Drain;
        held.State = drain ? ShardState.Draining : ShardState.Ready;
        return [Intent(drain ? ShardIntentKind.Drain : ShardIntentKind.Serve, held, directive.HandOverAt)];
    }

    private static ShardIntent Load(ShardEntry entry) => Intent(ShardIntentKind.Load, entry.Held = new HeldShard(entry.Newest!), null);

    private static IReadOnlyList<ShardIntent> Unload(ShardEntry entry, HeldShard held, DateTimeOffset? handOverAt)
    {
        held.State = ShardState.Stopping;
        if (held.Version > entry.Retired) entry.Retired = held.Version;
        return [Intent(ShardIntentKind.Unload, held, handOverAt)];
    }

    private static ShardIntent Intent(ShardIntentKind kind, HeldShard held, DateTimeOffset? handOverAt) =>
        new(kind, held.Plan, held.Shard, handOverAt, held.Version.Generation);

    private static ShardStatus Waiting(ShardEntry entry) => new HeldShard(entry.Newest!).Status();

    private static string Id(ReplicaId replica, ShardId shard) => $"{replica}/{shard}";

    private HeldShard? Held(ReplicaId replica, ShardVersion version, ShardId shard) =>
        _entries.TryGetValue(Id(replica, shard), out var entry) && entry.Held is { } held && held.Version == version ? held : null;
}
