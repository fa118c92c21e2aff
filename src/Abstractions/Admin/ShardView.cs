namespace Grid.Abstractions.Admin;

/// <summary>A shard in NodeView.</summary>
/// <param name="Id">guide/r0/dp0/pp0/tp0.</param>
/// <param name="Epoch">Of its plan.</param>
/// <param name="State">ShardState.</param>
/// <param name="Device">On its node.</param>
/// <param name="ReservedBytes">By the ledger.</param>
[GenerateSerializer, Immutable]
public sealed record ShardView(
    string Id,
    long Epoch,
    string State,
    string Device,
    long ReservedBytes);
