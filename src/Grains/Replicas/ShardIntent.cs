using Grid.Abstractions.Replicas;

namespace Grid.Grains.Replicas;

/// <summary>What a ShardHost is to do now with one shard at one epoch.</summary>
/// <param name="Kind">The work.</param>
/// <param name="Plan">At its epoch.</param>
/// <param name="Shard">dp0/pp0/tp0 or ep3.</param>
/// <param name="HandOverAt">When streams that still run are handed over; null: never.</param>
internal sealed record ShardIntent(ShardIntentKind Kind, ReplicaPlan Plan, string Shard, DateTimeOffset? HandOverAt);
