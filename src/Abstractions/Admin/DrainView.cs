namespace Grid.Abstractions.Admin;

/// <summary>A drain, as a node shows it.</summary>
/// <param name="Operation">The id of the operation, such as op-12.</param>
/// <param name="State">The state of the operation.</param>
/// <param name="StreamsLeft">The number of streams that are still on the node.</param>
/// <param name="ShardsLeft">The number of shards that are still on the node.</param>
/// <param name="Deadline">When streams are handed over.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.DrainView"), Immutable]
public sealed record DrainView(
    [property: Id(0)] string Operation,
    [property: Id(1)] string State,
    [property: Id(2)] int StreamsLeft,
    [property: Id(3)] int ShardsLeft,
    [property: Id(4)] DateTimeOffset? Deadline);
