using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Abstractions.Routing;
using Grid.Grains.Records;

namespace Grid.Grains.Control;

/// <summary>An event that the controller handles.</summary>
internal abstract record GridEvent
{
    /// <summary>Time has passed; it is sent each second.</summary>
    internal sealed record Tick : GridEvent;

    /// <summary>A node's state.</summary>
    internal sealed record NodeReported(NodeReport Report) : GridEvent;

    /// <summary>The cluster's complete membership.</summary>
    /// <param name="Version">A number that rises; older memberships are dropped.</param>
    /// <param name="Members">Silos that are members or were recently declared dead.</param>
    internal sealed record MembershipRead(long Version, MemberSilo[] Members) : GridEvent;

    /// <summary>A gateway's state.</summary>
    internal sealed record GatewayReported(GatewayReport Report) : GridEvent;

    /// <summary>A model's answer to <see cref="GridDecision.ObserveLoad"/>.</summary>
    internal sealed record ScaleRecommended(ScaleRecommendation Recommendation) : GridEvent;

    /// <summary>A replica's answer to <see cref="GridDecision.DirectReplica"/>.</summary>
    internal sealed record ReplicaReported(ReplicaStatus Status) : GridEvent;

    /// <summary>The store did not accept the state of the last <see cref="GridDecision.Persist"/>; nothing after it was done.</summary>
    internal sealed record PersistFailed(string Error) : GridEvent;

    /// <summary>A valid configuration file.</summary>
    internal sealed record ConfigApplied(GridConfig Config, string Text, long? ExpectedVersion, string Actor) : GridEvent;

    /// <summary>An older configuration is put in force again.</summary>
    internal sealed record ConfigRolledBack(long Version, string Actor) : GridEvent;

    /// <summary>A model that is deployed beside the file.</summary>
    internal sealed record ModelDeployed(ModelSpec Spec, string Actor) : GridEvent;

    /// <summary>The event of <c>grid scale</c>.</summary>
    internal sealed record ModelScaled(string Model, int Replicas, string Actor) : GridEvent;

    /// <summary>The event of <c>grid delete</c>.</summary>
    internal sealed record ModelDeleted(string Model, string Actor) : GridEvent;

    /// <summary>The event of <c>grid cordon</c> and <c>grid uncordon</c>.</summary>
    internal sealed record NodeCordoned(string Node, bool Cordoned, string Actor) : GridEvent;

    /// <summary>The event of <c>grid drain</c>; a dry run is a preview and no event.</summary>
    internal sealed record DrainAsked(string Node, DrainRequest Request, string Actor) : GridEvent;

    /// <summary>An operation is cancelled.</summary>
    internal sealed record OperationCancelled(string Operation, string Actor) : GridEvent;

    /// <summary>Something that happened elsewhere.</summary>
    internal sealed record Noted(string Type, string Reason, string Object, string Message, string Actor) : GridEvent;
}
