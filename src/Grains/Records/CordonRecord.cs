namespace Grid.Grains.Records;

/// <summary>Why a node takes no new shard.</summary>
/// <param name="Actor">The name of the admin who cordoned it.</param>
/// <param name="Time">The time, in UTC.</param>
/// <param name="Operation">The drain that cordoned it; null if it was cordoned by hand.</param>
/// <param name="Drained">Whether a drain of it has ended.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.CordonRecord"), Immutable]
internal sealed record CordonRecord(
    [property: Id(0)] string Actor,
    [property: Id(1)] DateTimeOffset Time,
    [property: Id(2)] string? Operation,
    [property: Id(3)] bool Drained);
