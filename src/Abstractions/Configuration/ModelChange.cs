namespace Grid.Abstractions.Configuration;

/// <summary>What happens to a model.</summary>
public enum ModelChangeKind
{
    /// <summary>The model is added.</summary>
    Added,

    /// <summary>The model is removed.</summary>
    Removed,

    /// <summary>Its replicas are replaced, new ones first.</summary>
    Rollout,

    /// <summary>Its replicas stay; only numbers and rules change.</summary>
    InPlace,
}

/// <summary>A model that differs between two configurations.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="Kind">What happens to it.</param>
/// <param name="Fields">What differs, sorted by path; empty if the model is added or removed.</param>
public sealed record ModelChange(string Name, ModelChangeKind Kind, FieldChange[] Fields);
