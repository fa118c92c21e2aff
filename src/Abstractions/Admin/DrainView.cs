namespace Grid.Abstractions.Admin;

/// <summary>A drain in NodeView.</summary>
/// <param name="Operation">op-12.</param>
/// <param name="State">Running, Blocked, ...</param>
/// <param name="StreamsLeft">Still on the node.</param>
/// <param name="ShardsLeft">Still on the node.</param>
/// <param name="Deadline">Of the hand-over.</param>
[GenerateSerializer, Immutable]
public sealed record DrainView(
    string Operation,
    string State,
    int StreamsLeft,
    int ShardsLeft,
    DateTimeOffset? Deadline);
