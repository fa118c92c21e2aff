using Grid.Abstractions.Replicas;

namespace Grid.Grains.Records;

/// <summary>
/// What is seen of a plan; nothing of it is kept in the store. Its mutators say whether they changed anything: <c>GridStore</c> calls those
/// that a routing table or a decision depends on, and marks both.
/// </summary>
internal sealed class PlanProgress
{
    private readonly HashSet<(ShardId Shard, int Generation)> _seen = [];
    private readonly Dictionary<ShardId, ShardAbsence> _absent = [];
    private readonly Dictionary<ShardId, ShardFailures> _failures = [];
    private readonly HashSet<(string Node, ShardLoss Loss)> _earlyLosses = [];
    private readonly Dictionary<int, string> _waits = [];
    private readonly HashSet<int> _joined = [];

    /// <summary>The state that its shards add up to.</summary>
    public ReplicaState State { get; private set; } = ReplicaState.Placing;

    /// <summary>Why it is in that state, in a word.</summary>
    public string? Reason { get; private set; }

    /// <summary>Why it is in that state, in a sentence.</summary>
    public string? Message { get; private set; }

    /// <summary>Every shard of its layout has a place and is ready there, and nothing else is left of it.</summary>
    public bool Whole { get; private set; }

    /// <summary>An expert shard has no place or is not ready: its ranks wait for it.</summary>
    public bool Stalled { get; private set; }

    /// <summary>Shards that lost their place and have no other yet.</summary>
    public IReadOnlyDictionary<ShardId, ShardAbsence> Absent => _absent;

    /// <summary>Why one of its shards has no place; null if each has one.</summary>
    public string? Gap { get; private set; }

    /// <summary>Ranks that were ready once.</summary>
    public IReadOnlySet<int> Joined => _joined;

    /// <summary>Why its expert shards cannot leave a node by themselves; null if they can.</summary>
    public string? MoveFailure { get; private set; }

    /// <summary>When another place is looked for.</summary>
    public DateTimeOffset MoveAt { get; private set; }

    /// <summary>Its state and the reasons for it.</summary>
    public bool SetState(ReplicaState state, string? reason, string? message)
    {
        if ((State, Reason, Message) == (state, reason, message)) return false;
        (State, Reason, Message) = (state, reason, message);
        return true;
    }

    /// <summary>Whether its shards are all there, and whether ranks wait for experts.</summary>
    public bool SetShards(bool whole, bool stalled)
    {
        if ((Whole, Stalled) == (whole, stalled)) return false;
        (Whole, Stalled) = (whole, stalled);
        return true;
    }

    /// <summary>Why one of its shards has no place; null if each has one.</summary>
    public bool SetGap(string? missing)
    {
        if (Gap == missing) return false;
        Gap = missing;
        return true;
    }

    /// <summary>Why its expert shards cannot leave a node by themselves, and when a place is looked for again.</summary>
    public bool SetMoveFailure(string? failure, DateTimeOffset retryAt)
    {
        MoveAt = retryAt;
        if (MoveFailure == failure) return false;
        MoveFailure = failure;
        return true;
    }

    /// <summary>A rank is ready for the first time at its place.</summary>
    public bool Join(int rank) => _joined.Add(rank);

    /// <summary>A rank has another place, at which it has not been ready yet.</summary>
    public bool Leave(int rank) => _joined.Remove(rank);

    /// <summary>A copy was in a report: if it is missing from a later one, it is lost.</summary>
    public void See(ShardStatus status, DateTimeOffset now)
    {
        _seen.Add((status.Shard, status.Generation));
        if (status.State == ShardState.Ready && _failures.TryGetValue(status.Shard, out var row)) row.Ready(now);
    }

    /// <summary>Whether a copy was in a report once.</summary>
    public bool HasSeen(ShardPlan place) => _seen.Contains((place.Shard, place.Generation));

    /// <summary>Failures of a shard in a row.</summary>
    public ShardFailures FailuresOf(ShardId shard)
    {
        if (!_failures.TryGetValue(shard, out var row)) _failures.Add(shard, row = new ShardFailures());
        return row;
    }

    /// <summary>A shard lost its place.</summary>
    public void Miss(ShardId shard, ShardAbsence absence) => _absent[shard] = absence;

    /// <summary>A shard has a place again.</summary>
    public void Find(ShardId shard) => _absent.Remove(shard);

    /// <summary>All shards have a place again.</summary>
    public void FindAll() => _absent.Clear();

    /// <summary>A node reported a loss while the copy was still loading: it does not count for as long as it is reported.</summary>
    public void AddEarlyLoss(string node, ShardLoss loss) => _earlyLosses.Add((node, loss));

    /// <summary>Whether a loss was first reported while the copy was still loading.</summary>
    public bool IsEarlyLoss(string node, ShardLoss loss) => _earlyLosses.Contains((node, loss));

    /// <summary>Forgets early losses that a node reports no longer.</summary>
    public void KeepEarlyLosses(string node, ShardLoss[] reported) =>
        _earlyLosses.RemoveWhere(early => early.Node == node && !reported.Contains(early.Loss));

    /// <summary>Sets what a rank has been waiting for; null for nothing. True if it waits for something new.</summary>
    public bool SetWait(int rank, string? what)
    {
        if (_waits.GetValueOrDefault(rank) == what) return false;
        if (what is null) _waits.Remove(rank);
        else _waits[rank] = what;
        return what is not null;
    }
}
