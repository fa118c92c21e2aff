namespace Grid.Grains.Store;

/// <summary>A node that takes no new shard.</summary>
/// <param name="Actor">Who cordoned it.</param>
/// <param name="Time">UTC.</param>
/// <param name="Operation">The drain that cordoned it; null: cordoned by hand.</param>
/// <param name="Drained">A drain has ended there.</param>
[GenerateSerializer, Immutable]
internal sealed record CordonRecord(string Actor, DateTimeOffset Time, string? Operation, bool Drained);
