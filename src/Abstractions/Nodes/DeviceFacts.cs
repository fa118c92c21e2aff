namespace Grid.Abstractions.Nodes;

/// <summary>A device of a node.</summary>
/// <param name="Id">cpu, cuda:N or sim:N.</param>
/// <param name="Kind">cpu, cuda or sim.</param>
/// <param name="MemoryBytes">What placement may reserve.</param>
/// <param name="Speed">Gigabytes a second that it read at the start of the node; 0: not measured.</param>
[GenerateSerializer, Immutable]
public sealed record DeviceFacts(
    string Id,
    string Kind,
    long MemoryBytes,
    double Speed = 0);
