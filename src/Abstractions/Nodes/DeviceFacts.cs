namespace Grid.Abstractions.Nodes;

/// <summary>A device of a node.</summary>
/// <param name="Id">cpu, cuda:N or sim:N.</param>
/// <param name="Kind">cpu, cuda or sim.</param>
/// <param name="MemoryBytes">What placement may reserve.</param>
[GenerateSerializer, Immutable]
public sealed record DeviceFacts(
    string Id,
    string Kind,
    long MemoryBytes);
