using Grid.Abstractions.Replicas;

namespace Grid.Grains.Shards;

/// <summary>
/// The incarnation of a shard on one node: the newest copy that it was placed as there. Older copies may only stop.
/// </summary>
internal sealed class ShardIncarnation
{
    // Of the newest directive to load or serve; null: none since the activation.
    private int? _newest;

    /// <summary>Whether a directive is about the newest copy, or stops an older one.</summary>
    public bool Accepts(ShardDirective directive)
    {
        var generation = ShardInstance.Of(directive).Generation;
        if (generation < _newest) return directive.Target == ReplicaTarget.Stop;
        if (directive.Target != ReplicaTarget.Stop || _newest is null) _newest = generation;
        return true;
    }
}
