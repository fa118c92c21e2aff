namespace Grid.Abstractions.Replicas;

/// <summary>One placement of a shard: it moves to another node, or loads again, as another instance.</summary>
/// <param name="Node">The node that holds it.</param>
/// <param name="Epoch">Epoch of its plan.</param>
/// <param name="Generation">Generation of the placement under that epoch.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ShardInstance"), Immutable]
public sealed record ShardInstance(
    [property: Id(0)] string Node,
    [property: Id(1)] long Epoch,
    [property: Id(2)] ShardId Shard,
    [property: Id(3)] int Generation)
{
    /// <summary>The instance that a directive is about.</summary>
    public static ShardInstance Of(ShardDirective directive)
    {
        foreach (var place in directive.Plan.Shards)
            if (place.Shard == directive.Shard) return new ShardInstance(place.Node, directive.Plan.Epoch, place.Shard, place.Generation);
        throw new ArgumentException($"The plan of {directive.Plan.Id} must place {directive.Shard}.", nameof(directive));
    }
}
