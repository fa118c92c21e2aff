namespace Grid.Abstractions.Admin;

/// <summary>A device of a <see cref="NodeView"/>.</summary>
/// <param name="Id">Its id on the node.</param>
/// <param name="Kind">What computes on it.</param>
/// <param name="MemoryBytes">The memory that placement may reserve.</param>
/// <param name="ReservedBytes">How much of it the ledger has reserved.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.DeviceView"), Immutable]
public sealed record DeviceView(
    [property: Id(0)] DeviceId Id,
    [property: Id(1)] DeviceKind Kind,
    [property: Id(2)] long MemoryBytes,
    [property: Id(3)] long ReservedBytes);
