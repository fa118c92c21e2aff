using Grid.Abstractions.Operations;
using Grid.Abstractions.Replicas;
using Grid.Grains.Records;
using Grid.Grains.Store;

namespace Grid.Grains.Draining;

/// <summary>What open drains mean for plans and nodes.</summary>
internal sealed class NodeDrains(GridStore store)
{
    /// <summary>The drain of a plan's nodes; null if none has its turn.</summary>
    public DrainDemand? DrainOf(ReplicaPlan plan)
    {
        foreach (var drain in store.Operations)
        {
            if (drain is not { IsOpen: true, Kind: OperationKind.Drain, TurnAt: { } turn } || !store.Rules.RunsOn(plan, drain.Target))
                continue;
            if (!MovesAlone(plan, drain.Target)) return new DrainDemand(turn + (drain.Timeout ?? DrainTimeoutOf(plan.Model)), drain.Force);
        }

        return null;
    }

    /// <summary>Whether a node holds only experts of a plan.</summary>
    public static bool HasOnlyExperts(ReplicaPlan plan, string node)
    {
        foreach (var place in plan.Shards)
            if (place.Node == node && !place.Shard.IsExpert) return false;
        return true;
    }

    /// <summary>Whether a drain of a node has its turn.</summary>
    public bool IsDrained(string node) =>
        store.Operations.Any(o => o is { IsOpen: true, Kind: OperationKind.Drain, TurnAt: not null } && o.Target == node);

    /// <summary>Whether no shard and no stream is on a node, and none is planned there.</summary>
    public bool IsEmpty(NodeRecord node) => node is { Streams: 0, Report: { Shards.Length: 0 } } &&
        !store.PlansOn(node.Name).Any(epoch => store.Rules.RunsOn(store.Plans[epoch].Plan, node.Name));

    /// <summary>The deadline of a drain's hand-over; null while it waits for its turn.</summary>
    public DateTimeOffset? DeadlineOf(OperationRecord drain)
    {
        if (drain.TurnAt is not { } turn) return null;
        if (drain.Timeout is { } timeout) return turn + timeout;
        var longest = TimeSpan.Zero;
        foreach (var epoch in store.PlansOn(drain.Target))
            if (DrainTimeoutOf(store.Plans[epoch].Plan.Model) is var own && own > longest) longest = own;
        return longest > TimeSpan.Zero ? turn + longest : drain.Deadline ?? turn + GridTimes.DrainTimeout;
    }

    /// <summary>The drainTimeout of a model, or the default if it has none.</summary>
    public TimeSpan DrainTimeoutOf(string model) =>
        store.SpecOf(model) is { DrainTimeout: var own } && own > TimeSpan.Zero ? own : GridTimes.DrainTimeout;

    // Its experts are moved one by one, and the replica stays.
    private bool MovesAlone(ReplicaPlan plan, string node) =>
        plan.Layout.Expert > 0 && store.Plans.TryGetValue(plan.Epoch, out var record) && record.Target == ReplicaTarget.Serve &&
        store.Progress[plan.Epoch] is { MoveFailure: null, State: ReplicaState.Ready } && HasOnlyExperts(plan, node);
}
