namespace Grid.Abstractions.Admin;

/// <summary>A drain in NodeView.</summary>
/// <param name="Operation">op-12.</param>
/// <param name="State">Running, Blocked, ...</param>
/// <param name="StreamsLeft">Still on the node.</param>
/// <param name="ShardsLeft">Still on the node.</param>
/// <param name="Deadline">Of the hand-over.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.DrainView"), Immutable]
public sealed record DrainView(
    [property: Id(0)] string Operation,
    [property: Id(1)] string State,
    [property: Id(2)] int StreamsLeft,
    [property: Id(3)] int ShardsLeft,
    [property: Id(4)] DateTimeOffset? Deadline);
