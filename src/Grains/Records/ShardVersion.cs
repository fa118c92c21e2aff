using Grid.Abstractions.Replicas;

namespace Grid.Grains.Records;

/// <summary>Which placing of a shard is meant: the higher takes the place of the lower.</summary>
/// <param name="Epoch">Of the plan.</param>
/// <param name="Generation">Of the shard's place under it.</param>
public readonly record struct ShardVersion(long Epoch, int Generation) : IComparable<ShardVersion>
{
    /// <summary>That a directive speaks of.</summary>
    public static ShardVersion Of(ShardDirective directive) => Of(directive.Plan, directive.Shard);

    /// <summary>Of a shard in a plan.</summary>
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
