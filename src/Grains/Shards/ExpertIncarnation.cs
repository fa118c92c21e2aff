using Grid.Abstractions.Replicas;

namespace Grid.Grains.Shards;

/// <summary>
/// The incarnation of an expert shard on one node: the newest copy that it was placed as there. Older copies may only stop.
/// </summary>
internal sealed class ExpertIncarnation
{
    /// <summary>The newest directive to load or serve; null: none since the activation.</summary>
    public ShardDirective? Latest { get; private set; }

    /// <summary>Whether a directive speaks of the newest copy, or stops an older one.</summary>
    public bool Accepts(ShardDirective directive)
    {
        var generation = ShardInstance.Of(directive).Generation;
        if (Latest is { } latest && generation < ShardInstance.Of(latest).Generation) return directive.Target == ReplicaTarget.Stop;
        if (directive.Target != ReplicaTarget.Stop || Latest is null) Latest = directive;
        return true;
    }
}
