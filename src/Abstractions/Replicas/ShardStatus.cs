namespace Grid.Abstractions.Replicas;

/// <summary>What a ShardHost says of one shard.</summary>
/// <param name="Replica">smollm2/r0.</param>
/// <param name="Epoch">Of its plan.</param>
/// <param name="Shard">dp0/pp0/tp0 or ep3.</param>
/// <param name="State">Its life.</param>
/// <param name="Device">Where its weights are.</param>
/// <param name="ReservedBytes">What it holds.</param>
/// <param name="Progress">Share loaded, 0 to 1.</param>
/// <param name="Reason">A word for programs.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Generation">Of its place in the plan.</param>
[GenerateSerializer, Immutable]
public sealed record ShardStatus(
    string Replica,
    long Epoch,
    string Shard,
    ShardState State,
    string Device,
    long ReservedBytes,
    double Progress = 0,
    string? Reason = null,
    string? Message = null,
    int Generation = 0);
