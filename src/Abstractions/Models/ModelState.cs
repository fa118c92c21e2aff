namespace Grid.Abstractions.Models;

/// <summary>The state of a model, as operators see it.</summary>
public enum ModelState
{
    /// <summary>Some replica is not as it should be yet.</summary>
    Progressing,

    /// <summary>All replicas serve the wanted revision.</summary>
    Ready,

    /// <summary>Fewer replicas serve than minAvailable asks for, and the rest cannot be brought up.</summary>
    Degraded,

    /// <summary>No replica is wanted, and there is none.</summary>
    ScaledToZero,

    /// <summary>No replica serves, and none can be brought up.</summary>
    Failed,
}
