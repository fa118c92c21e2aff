using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;
using Grid.Abstractions.Nodes;

namespace Grid.Grains.Records;

/// <summary>What is known of a model; nothing of it is kept in the store.</summary>
/// <param name="name">The name of the model, as it is served.</param>
/// <param name="created">When it was added to the grid.</param>
internal sealed class ModelRecord(string name, DateTimeOffset created)
{
    public string Name { get; } = name;

    /// <summary>When it was added to the grid.</summary>
    public DateTimeOffset Created { get; } = created;

    /// <summary>The specification; null while it is being deleted.</summary>
    public ModelSpec? Spec { get; set; }

    /// <summary>The desired revision; null until a node has inspected the files.</summary>
    public string? Revision { get; set; }

    /// <summary>The files that most nodes have; null for a simulated model, and while no node has inspected them.</summary>
    public ModelFiles? Files { get; set; }

    /// <summary>The last recommendation of the autoscaler; null if there is none yet.</summary>
    public ScaleRecommendation? Recommendation { get; set; }

    /// <summary>The last decision, with what was placed or lost since; null if there is none yet.</summary>
    public ModelDecision? Decision { get; set; }

    /// <summary>Some replica has no plan yet.</summary>
    public bool Unplaced { get; set; }

    /// <summary>Why there was no place; null if there was one.</summary>
    public string? PlacementFailure { get; set; }

    /// <summary>When the last request for it came; null if none has come since the start.</summary>
    public DateTimeOffset? LastRequestAt { get; set; }

    /// <summary>Failures in a row, by index of the replica.</summary>
    public Dictionary<int, ReplicaFailure> Failures { get; } = [];

    /// <summary>The number of replicas that are desired in the end; null until it is decided.</summary>
    public int? Desired => Decision?.Desired;

    /// <summary>Drops the last decision, which was not stored.</summary>
    public void Forget() => (Decision, Unplaced) = (null, false);
}
