namespace Grid.Abstractions.Admin;

/// <summary>A device in NodeView.</summary>
/// <param name="Id">sim:0.</param>
/// <param name="Kind">sim.</param>
/// <param name="MemoryBytes">Of the device.</param>
/// <param name="ReservedBytes">By the ledger.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.DeviceView"), Immutable]
public sealed record DeviceView(
    [property: Id(0)] string Id,
    [property: Id(1)] string Kind,
    [property: Id(2)] long MemoryBytes,
    [property: Id(3)] long ReservedBytes);
