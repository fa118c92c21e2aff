using Grid.Abstractions.Replicas;

namespace Grid.Grains.Records;

/// <summary>What is seen of a plan; nothing of it is kept in the store.</summary>
internal sealed class PlanProgress
{
    /// <summary>Read off its shards.</summary>
    public ReplicaState State { get; set; } = ReplicaState.Placing;

    /// <summary>A word.</summary>
    public string? Reason { get; set; }

    /// <summary>A sentence.</summary>
    public string? Message { get; set; }

    /// <summary>Placings that were in a report once: one that is missing from a later report is lost.</summary>
    public HashSet<(ShardId Shard, int Generation)> Seen { get; } = [];

    /// <summary>Every shard of its layout has a place and is ready there, and nothing else is left of it.</summary>
    public bool Whole { get; set; }

    /// <summary>An expert shard has no place or is not ready: its ranks wait for it.</summary>
    public bool Stalled { get; set; }

    /// <summary>Shards that lost their place and have no other yet.</summary>
    public Dictionary<ShardId, ShardAbsence> Absent { get; } = [];

    /// <summary>Failures of single shards in a row.</summary>
    public Dictionary<ShardId, ShardFailures> Failures { get; } = [];

    /// <summary>Losses that a node told of while the placing was still loading, until it tells of them no more.</summary>
    public HashSet<(string Node, ShardLoss Loss)> EarlyLosses { get; } = [];

    /// <summary>Why a shard of it has no place; null: each has.</summary>
    public string? Gap { get; set; }

    /// <summary>What ranks were last told to wait for long.</summary>
    public Dictionary<int, string> Waits { get; } = [];

    /// <summary>Ranks that were ready once.</summary>
    public HashSet<int> Joined { get; } = [];

    /// <summary>Why its expert shards cannot leave a node by themselves; null: they can.</summary>
    public string? MoveFailure { get; set; }

    /// <summary>Not before it is a place looked for again.</summary>
    public DateTimeOffset MoveAt { get; set; }
}
