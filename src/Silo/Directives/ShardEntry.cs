using Grid.Abstractions.Replicas;
using Grid.Grains.Records;

namespace Grid.Silo.Directives;

/// <summary>One shard in a <see cref="ShardTable"/>.</summary>
internal sealed class ShardEntry
{
    /// <summary>The newest directive.</summary>
    public ShardDirective? Newest { get; set; }

    /// <summary>Which placing that speaks of.</summary>
    public ShardVersion NewestVersion { get; set; }

    /// <summary>What is on the device; null for nothing.</summary>
    public HeldShard? Held { get; set; }

    /// <summary>The version that was unloaded; it and older ones are never loaded again.</summary>
    public ShardVersion Retired { get; set; } = new(0, int.MaxValue);

    /// <summary>The newest directive wants the shard, and it is not on the device yet.</summary>
    public bool IsAwaited =>
        Newest is { } newest && newest.Target != ReplicaTarget.Stop && NewestVersion > Retired && Held?.Version != NewestVersion;
}
