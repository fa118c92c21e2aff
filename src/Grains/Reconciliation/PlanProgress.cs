using Grid.Abstractions.Replicas;

namespace Grid.Grains.Reconciliation;

/// <summary>What is seen of a plan; nothing of it is kept in the store.</summary>
internal sealed class PlanProgress
{
    /// <summary>Read off its shards.</summary>
    public ReplicaState State { get; set; } = ReplicaState.Placing;

    /// <summary>A word.</summary>
    public string? Reason { get; set; }

    /// <summary>A sentence.</summary>
    public string? Message { get; set; }

    /// <summary>Shards that were in a report once: one that is missing from a later report is lost.</summary>
    public HashSet<string> Seen { get; } = [];

    /// <summary>Sequence of the directive that the replica answered last.</summary>
    public long Acknowledged { get; set; } = -1;

    /// <summary>When a directive was sent last.</summary>
    public DateTimeOffset SentAt { get; set; }

    /// <summary>A directive is due.</summary>
    public bool Due { get; set; } = true;
}
