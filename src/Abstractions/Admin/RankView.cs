namespace Grid.Abstractions.Admin;

/// <summary>A rank in ReplicaView.</summary>
/// <param name="Id">guide/r0/dp0.</param>
/// <param name="Node">Its node.</param>
/// <param name="State">ShardState.</param>
/// <param name="Running">Requests.</param>
/// <param name="Waiting">Requests.</param>
[GenerateSerializer, Immutable]
public sealed record RankView(
    string Id,
    string Node,
    string State,
    int Running,
    int Waiting);
