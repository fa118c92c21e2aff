namespace Grid.Abstractions.Admin;

/// <summary>A device in NodeView.</summary>
/// <param name="Id">sim:0.</param>
/// <param name="Kind">sim.</param>
/// <param name="MemoryBytes">Of the device.</param>
/// <param name="ReservedBytes">By the ledger.</param>
[GenerateSerializer, Immutable]
public sealed record DeviceView(
    string Id,
    string Kind,
    long MemoryBytes,
    long ReservedBytes);
