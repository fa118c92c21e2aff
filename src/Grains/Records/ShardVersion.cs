using Grid.Abstractions.Replicas;

namespace Grid.Grains.Records;

/// <summary>Which placement of a shard is meant; a higher one replaces a lower one.</summary>
/// <param name="Epoch">The epoch of the plan.</param>
/// <param name="Generation">The generation of the shard's placement under that epoch.</param>
public readonly record struct ShardVersion(long Epoch, int Generation) : IComparable<ShardVersion>
{
    /// <summary>The version that a directive is about.</summary>
    public static ShardVersion Of(ShardDirective directive) => Of(directive.Plan, directive.Shard);

    /// <summary>The version of a shard in a plan.</summary>
    public static ShardVersion Of(ReplicaPlan plan, ShardId shard)
    {
        foreach (var place in plan.Shards)
            if (place.Shard == shard) return new ShardVersion(plan.Epoch, place.Generation);
        throw new ArgumentException($"{plan.Id}@{plan.Epoch} has no place for {shard}.", nameof(shard));
    }

    /// <inheritdoc/>
    public int CompareTo(ShardVersion other) => (Epoch, Generation).CompareTo((other.Epoch, other.Generation));

    /// <summary>Compares epoch, then generation.</summary>
    public static bool operator <(ShardVersion left, ShardVersion right) => left.CompareTo(right) < 0;

    /// <summary>Compares epoch, then generation.</summary>
    public static bool operator >(ShardVersion left, ShardVersion right) => left.CompareTo(right) > 0;

    /// <summary>Compares epoch, then generation.</summary>
    public static bool operator <=(ShardVersion left, ShardVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Compares epoch, then generation.</summary>
    public static bool operator >=(ShardVersion left, ShardVersion right) => left.CompareTo(right) >= 0;
}
