using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;
using Grid.Abstractions.Nodes;

namespace Grid.Grains.Store;

/// <summary>What is known of a model; nothing of it is kept in the store.</summary>
internal sealed class ModelRecord(string name)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Null: it is being deleted.</summary>
    public ModelSpec? Spec { get; set; }

    /// <summary>Wanted; null until a node has looked at the files.</summary>
    public string? Revision { get; set; }

    /// <summary>What most nodes have; null for sim or where no node has looked.</summary>
    public ModelFiles? Files { get; set; }

    /// <summary>When it came into the grid.</summary>
    public DateTimeOffset Created { get; set; }

    /// <summary>Something changed that the model has to know.</summary>
    public bool Dirty { get; set; } = true;

    /// <summary>Sequence of the question in flight; 0: none.</summary>
    public long Asked { get; set; }

    /// <summary>When it was asked.</summary>
    public DateTimeOffset AskedAt { get; set; }

    /// <summary>The highest epoch when it was asked: later plans are unknown to the answer.</summary>
    public long AskedEpoch { get; set; }

    /// <summary>The last answer, with what was placed or lost since worked in.</summary>
    public ModelWish? Wish { get; set; }

    /// <summary>Some wish has no plan yet.</summary>
    public bool Unplaced { get; set; }

    /// <summary>Why there was no place; null: there was.</summary>
    public string? PlacementFailure { get; set; }

    /// <summary>Null: no request since the start.</summary>
    public DateTimeOffset? LastRequestAt { get; set; }

    /// <summary>Failures in a row, by index.</summary>
    public Dictionary<int, ReplicaFailure> Failures { get; } = [];

    /// <summary>Replicas wanted in the end; null: not known yet.</summary>
    public int? Desired => Wish?.Desired;
}
