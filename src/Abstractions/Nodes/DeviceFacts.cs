namespace Grid.Abstractions.Nodes;

/// <summary>A device of a node.</summary>
/// <param name="Id">cpu, cuda:N or sim:N.</param>
/// <param name="Kind">cpu, cuda or sim.</param>
/// <param name="MemoryBytes">What placement may reserve.</param>
/// <param name="Speed">Gigabytes a second that it read at the start of the node; 0: not measured.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.DeviceFacts"), Immutable]
public sealed record DeviceFacts(
    [property: Id(0)] string Id,
    [property: Id(1)] string Kind,
    [property: Id(2)] long MemoryBytes,
    [property: Id(3)] double Speed = 0);
