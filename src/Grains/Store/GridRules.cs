using Grid.Abstractions.Configuration;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;

namespace Grid.Grains.Store;

/// <summary>The rules that safety rests on, in one place, so that the simulation can show that it notices when one is broken.</summary>
internal class GridRules
{
    /// <summary>The epoch of a new plan.</summary>
    public virtual long NextEpoch(GridState state) => ++state.Epoch;

    /// <summary>The generation of a place that is given to a shard of a plan which runs.</summary>
    public virtual int NextGeneration(PlanRecord record) => record.Generation + 1;

    /// <summary>Whether a shard may be lost without its replica.</summary>
    public virtual bool IsReplaceable(ShardId shard) => shard.IsExpert;

    /// <summary>Ready replicas that nothing of ours may go below.</summary>
    public virtual int MinAvailable(ModelSpec spec) => spec.MinAvailable;

    /// <summary>
    /// Whether a report says less than is known: it is an older one of the same process, or comes from a process that has ended.
    /// </summary>
    public virtual bool IsLate(NodeRecord node, NodeReport report) => node.Report is { } known &&
        (known.Incarnation == report.Incarnation
            ? report.Sequence <= known.Sequence
            || (node.Membership is NodeMembership.Dead or NodeMembership.Left && report.SiloAddress == known.SiloAddress)
            : report.Facts.JoinedAt <= known.Facts.JoinedAt);

    /// <summary>Whether a plan has something on a node.</summary>
    public virtual bool RunsOn(ReplicaPlan plan, string node)
    {
        foreach (var shard in plan.Shards)
            if (shard.Node == node) return true;
        return false;
    }
}
