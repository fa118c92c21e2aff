namespace Grid.Abstractions.Replicas;

/// <summary>
/// What the grid asks of a replica: everything that is desired of its shards. It is complete each time, so repeating it changes nothing.
/// </summary>
/// <param name="Sequence">A number that rises with each change; older directives are dropped.</param>
/// <param name="Plan">The plan in force; null where there is none, or while it lacks an expert shard and is not to be followed.</param>
/// <param name="Target">What is desired of <paramref name="Plan"/>.</param>
/// <param name="HandOverAt">When streams of <paramref name="Plan"/> are handed over, with Drain and Stop; null for never.</param>
/// <param name="PlanSequence">A number that rises with each change of the plan; older directives to a shard are dropped.</param>
/// <param name="Others">Shards beside the plan: copies that are loaded before they join it, and leftovers of former plans, which are to
/// stop.</param>
/// <param name="HandOverTo">Ranks of other replicas that have room for the streams of a replica that is being drained; null if there are
/// none.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ReplicaDirective"), Immutable]
public sealed record ReplicaDirective(
    [property: Id(0)] ReplicaId Replica,
    [property: Id(1)] long Sequence,
    [property: Id(2)] ReplicaPlan? Plan,
    [property: Id(3)] ReplicaTarget Target,
    [property: Id(4)] DateTimeOffset? HandOverAt,
    [property: Id(5)] long PlanSequence,
    [property: Id(6)] ShardDirective[] Others,
    [property: Id(7)] HandOverRank[]? HandOverTo = null);
