using Grid.Abstractions.Replicas;
using Grid.Grains.Records;

namespace Grid.Silo.Directives;

/// <summary>A placing of a shard that is on a device, or on its way there or off it.</summary>
internal sealed class HeldShard
{
    private readonly ShardPlan _place;

    /// <summary>Starts to load.</summary>
    public HeldShard(ShardDirective directive)
    {
        (Plan, Sequence, Version) = (directive.Plan, directive.Sequence, ShardVersion.Of(directive));
        _place = directive.Plan.Shards.First(place => place.Shard == directive.Shard);
    }

    /// <summary>The newest plan at its epoch.</summary>
    public ReplicaPlan Plan { get; private set; }

    /// <summary>Of the directive that brought the plan.</summary>
    public long Sequence { get; private set; }

    public ShardVersion Version { get; }

    public ShardId Shard => _place.Shard;

    public ShardState State { get; set; }

    public double Progress { get; set; }

    public string? Reason { get; set; }

    public string? Message { get; set; }

    /// <summary>Takes the plan of a newer directive.</summary>
    /// <returns>Whether it says anything else of the shards beside this one.</returns>
    public bool Follow(ShardDirective directive)
    {
        if (directive.Target == ReplicaTarget.Stop || State == ShardState.Stopping || directive.Sequence <= Sequence) return false;
        var before = Plan;
        (Plan, Sequence) = (directive.Plan, directive.Sequence);
        return before.Layout != Plan.Layout || !Places(before).SequenceEqual(Places(Plan));
    }

    public ShardStatus Status() =>
        new(Plan.Id, Plan.Epoch, Shard, State, _place.Device, _place.ReservedBytes, Progress, Reason, Message, Version.Generation);

    private static IEnumerable<(ShardId Shard, string Incarnation, int Generation)> Places(ReplicaPlan plan) =>
        plan.Shards.Select(place => (place.Shard, place.Incarnation, place.Generation));
}
