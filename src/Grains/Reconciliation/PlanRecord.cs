using Grid.Abstractions.Replicas;

namespace Grid.Grains.Reconciliation;

/// <summary>A plan and what is wanted of it.</summary>
/// <param name="Plan">At its epoch.</param>
/// <param name="Target">What is wanted.</param>
/// <param name="HandOverAt">With Drain and Stop.</param>
/// <param name="Sequence">Of what is wanted; rises with each change.</param>
/// <param name="Abandoned">It lost a shard or failed: the replica goes on under a higher epoch, and the grid itself stops the shards that are left here.</param>
[GenerateSerializer, Immutable]
internal sealed record PlanRecord(ReplicaPlan Plan, ReplicaTarget Target, DateTimeOffset? HandOverAt, long Sequence, bool Abandoned);
