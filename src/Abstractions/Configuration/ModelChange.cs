namespace Grid.Abstractions.Configuration;

/// <summary>What happens to a model.</summary>
public enum ModelChangeKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It goes.</summary>
    Removed,

    /// <summary>Its replicas are replaced, new ones up first.</summary>
    Rollout,

    /// <summary>Its replicas stay; only numbers and rules change.</summary>
    InPlace,
}

/// <summary>A model that differs between two configurations.</summary>
/// <param name="Name">The model.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Fields">What differs, by path; empty where it is added or removed.</param>
public sealed record ModelChange(string Name, ModelChangeKind Kind, FieldChange[] Fields);
