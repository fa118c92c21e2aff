using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;
using Grid.Abstractions.Nodes;

namespace Grid.Grains.Records;

/// <summary>What is known of a model; nothing of it is kept in the store.</summary>
/// <param name="name">The model's name.</param>
/// <param name="created">When it came into the grid.</param>
internal sealed class ModelRecord(string name, DateTimeOffset created)
{
    public string Name { get; } = name;

    /// <summary>When it came into the grid.</summary>
    public DateTimeOffset Created { get; } = created;

    /// <summary>What it is to be; null: it is being deleted.</summary>
    public ModelSpec? Spec { get; set; }

    /// <summary>The revision that is wanted; null until a node has looked at the files.</summary>
    public string? Revision { get; set; }

    /// <summary>The files that most nodes have; null for a simulated model, and where no node has looked.</summary>
    public ModelFiles? Files { get; set; }

    /// <summary>The last recommendation of the autoscaler; null: none yet.</summary>
    public ScaleRecommendation? Recommendation { get; set; }

    /// <summary>The last decision, with what was placed or lost since; null: none yet.</summary>
    public ModelDecision? Decision { get; set; }

    /// <summary>Some replica has no plan yet.</summary>
    public bool Unplaced { get; set; }

    /// <summary>Why there was no place; null: there was.</summary>
    public string? PlacementFailure { get; set; }

    /// <summary>When it was last asked for anything; null: not since the start.</summary>
    public DateTimeOffset? LastRequestAt { get; set; }

    /// <summary>Failures in a row, by index of the replica.</summary>
    public Dictionary<int, ReplicaFailure> Failures { get; } = [];

    /// <summary>The number of replicas that are wanted in the end; null: not decided yet.</summary>
    public int? Desired => Decision?.Desired;

    /// <summary>What was decided is not so.</summary>
    public void Forget() => (Decision, Unplaced) = (null, false);
}
