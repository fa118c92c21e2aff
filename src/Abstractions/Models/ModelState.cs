namespace Grid.Abstractions.Models;

/// <summary>The state of a model, as operators see it.</summary>
public enum ModelState
{
    /// <summary>Some replica has not reached its desired state yet.</summary>
    Progressing,

    /// <summary>All replicas serve the desired revision.</summary>
    Ready,

    /// <summary>Fewer replicas serve than minAvailable requires, and the others cannot be brought up.</summary>
    Degraded,

    /// <summary>No replica is desired, and there is none.</summary>
    ScaledToZero,

    /// <summary>No replica serves, and none can be brought up.</summary>
    Failed,
}
