using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Models;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Replicas;
using Grid.Abstractions.Routing;
using Grid.Grains.Records;

namespace Grid.Grains.Control;

/// <summary>What the grid's controller is told.</summary>
internal abstract record GridEvent
{
    /// <summary>Time has passed; each second.</summary>
    internal sealed record Tick : GridEvent;

    /// <summary>A node's state.</summary>
    internal sealed record NodeReported(NodeReport Report) : GridEvent;

    /// <summary>The cluster's membership, whole.</summary>
    /// <param name="Version">Rises; older ones are dropped.</param>
    /// <param name="Members">Silos that are members or were lately declared dead.</param>
    internal sealed record MembershipRead(long Version, MemberSilo[] Members) : GridEvent;

    /// <summary>A gateway's state.</summary>
    internal sealed record GatewayReported(GatewayReport Report) : GridEvent;

    /// <summary>A model's answer to <see cref="GridDecision.ObserveLoad"/>.</summary>
    internal sealed record ScaleRecommended(ScaleRecommendation Recommendation) : GridEvent;

    /// <summary>A replica's answer to <see cref="GridDecision.DirectReplica"/>.</summary>
    internal sealed record ReplicaReported(ReplicaStatus Status) : GridEvent;

    /// <summary>The store did not take the state of the last <see cref="GridDecision.Persist"/>; nothing after it was done.</summary>
    internal sealed record PersistFailed(string Error) : GridEvent;

    /// <summary>A configuration file, parsed and valid.</summary>
    internal sealed record ConfigApplied(GridConfig Config, string Text, long? ExpectedVersion, string Actor) : GridEvent;

    /// <summary>An older configuration is wanted again.</summary>
    internal sealed record ConfigRolledBack(long Version, string Actor) : GridEvent;

    /// <summary>A model beside the file.</summary>
    internal sealed record ModelDeployed(ModelSpec Spec, string Actor) : GridEvent;

    /// <summary>grid scale.</summary>
    internal sealed record ModelScaled(string Model, int Replicas, string Actor) : GridEvent;

    /// <summary>grid delete.</summary>
    internal sealed record ModelDeleted(string Model, string Actor) : GridEvent;

    /// <summary>grid cordon, grid uncordon.</summary>
    internal sealed record NodeCordoned(string Node, bool Cordoned, string Actor) : GridEvent;

    /// <summary>grid drain; a dry run is a preview and no event.</summary>
    internal sealed record DrainAsked(string Node, DrainRequest Request, string Actor) : GridEvent;

    /// <summary>An operation is to end.</summary>
    internal sealed record OperationCancelled(string Operation, string Actor) : GridEvent;

    /// <summary>Something that happened elsewhere.</summary>
    internal sealed record Noted(string Type, string Reason, string Object, string Message, string Actor) : GridEvent;
}
