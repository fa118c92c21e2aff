namespace Grid.Abstractions.Replicas;

/// <summary>Grid to replica: the plan, what is wanted of it, and what is known of it. Whole each time, so that repeating it changes nothing.</summary>
/// <param name="Plan">At its epoch.</param>
/// <param name="Target">What is wanted.</param>
/// <param name="HandOverAt">With Drain and Stop: when streams are handed over; null: never.</param>
/// <param name="Sequence">Rises; older directives are dropped.</param>
/// <param name="Observed">Latest reports of its shards at this epoch.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ReplicaDirective"), Immutable]
public sealed record ReplicaDirective(
    [property: Id(0)] ReplicaPlan Plan,
    [property: Id(1)] ReplicaTarget Target,
    [property: Id(2)] DateTimeOffset? HandOverAt,
    [property: Id(3)] long Sequence,
    [property: Id(4)] ShardStatus[] Observed);
