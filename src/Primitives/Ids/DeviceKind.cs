namespace Grid.Primitives.Ids;

/// <summary>What computes on a device.</summary>
public enum DeviceKind
{
    /// <summary>The processor and main memory.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,

    /// <summary>Nothing: a device that is only accounted for, whose models are simulated.</summary>
    Sim,
}
