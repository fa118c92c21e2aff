namespace Grid.Grains.Records;

/// <summary>A node that takes no new shard.</summary>
/// <param name="Actor">Who cordoned it.</param>
/// <param name="Time">UTC.</param>
/// <param name="Operation">The drain that cordoned it; null: cordoned by hand.</param>
/// <param name="Drained">A drain has ended there.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.CordonRecord"), Immutable]
internal sealed record CordonRecord(
    [property: Id(0)] string Actor,
    [property: Id(1)] DateTimeOffset Time,
    [property: Id(2)] string? Operation,
    [property: Id(3)] bool Drained);
