namespace Grid.Abstractions.Nodes;

/// <summary>A device of a node.</summary>
/// <param name="Id">Its id on the node.</param>
/// <param name="MemoryBytes">The memory that placement may reserve.</param>
/// <param name="Speed">Gigabytes per second that it read when the node started; 0 where it was not measured.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.DeviceFacts"), Immutable]
public sealed record DeviceFacts(
    [property: Id(0)] DeviceId Id,
    [property: Id(1)] long MemoryBytes,
    [property: Id(2)] double Speed = 0);
