namespace Grid.Engine.Weights;

/// <summary>Element types of checkpoints.</summary>
public enum WeightType
{
    /// <summary>IEEE single.</summary>
    Float32,

    /// <summary>IEEE half.</summary>
    Float16,

    /// <summary>The upper half of a single.</summary>
    BFloat16,
}
