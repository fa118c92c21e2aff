namespace Grid.Abstractions.Replicas;

/// <summary>Replica to shard, and so to the node's ShardHost.</summary>
/// <param name="Plan">At its epoch.</param>
/// <param name="Shard">dp0/pp0/tp0 or ep3.</param>
/// <param name="Target">What is wanted.</param>
/// <param name="HandOverAt">When streams are handed over; null: never.</param>
/// <param name="Sequence">Rises; older directives are dropped.</param>
[GenerateSerializer, Immutable]
public sealed record ShardDirective(
    ReplicaPlan Plan,
    string Shard,
    ReplicaTarget Target,
    DateTimeOffset? HandOverAt,
    long Sequence);
