using Grid.Abstractions.Admin;
using Grid.Abstractions.Models;
using Grid.Abstractions.Replicas;
using Grid.Abstractions.Routing;
using Grid.Grains.Records;

namespace Grid.Grains.Control;

/// <summary>
/// What the shell is to do, in this order and one event at a time. Where <see cref="Persist"/> fails, the rest is dropped: on a conflict
/// the activation ends (another one decides), else the controller gets <see cref="GridEvent.PersistFailed"/> and an admin's call answers
/// 503.
/// </summary>
internal abstract record GridDecision
{
    /// <summary>Write this state under the known ETag before anything that follows it acts.</summary>
    internal sealed record Persist(GridState State) : GridDecision;

    /// <summary>Call the model's grain and feed its answer back; the load is sent again with the next tick, answered or not.</summary>
    internal sealed record ObserveLoad(ScaleObservation Observation) : GridDecision;

    /// <summary>Call the replica's grain and feed its answer back; the controller repeats what was not answered.</summary>
    internal sealed record DirectReplica(ReplicaDirective Directive) : GridDecision;

    /// <summary>Push this table to all gateways.</summary>
    internal sealed record Publish(RoutingTable Table) : GridDecision;

    /// <summary>
    /// Answer the admin's call: an <see cref="OperationView"/>, <see cref="NodeView"/> or <see cref="ConfigVersionView"/>, or a fault.
    /// </summary>
    internal sealed record Answer(object? Value, AdminFault? Fault) : GridDecision
    {
        /// <summary>The answer as the grain returns it.</summary>
        public AdminResult<T> To<T>()
            where T : class => new((T?)Value, Fault);
    }
}
