namespace Grid.Abstractions.Admin;

/// <summary>A model in GridStatus.</summary>
/// <param name="Name">The model.</param>
/// <param name="State">Ready, Progressing, Degraded, ScaledToZero or Failed.</param>
/// <param name="Reason">A word.</param>
/// <param name="Message">A sentence.</param>
/// <param name="Desired">Replicas wanted.</param>
/// <param name="Ready">Replicas ready.</param>
/// <param name="MinAvailable">Kept by drains and rollouts.</param>
/// <param name="Revision">Wanted.</param>
/// <param name="Running">Requests.</param>
/// <param name="Waiting">Requests.</param>
/// <param name="Queued">Requests at gateways.</param>
/// <param name="KVUsage">Share.</param>
/// <param name="Replicas">By id.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ModelView"), Immutable]
public sealed record ModelView(
    [property: Id(0)] string Name,
    [property: Id(1)] string State,
    [property: Id(2)] string? Reason,
    [property: Id(3)] string? Message,
    [property: Id(4)] int Desired,
    [property: Id(5)] int Ready,
    [property: Id(6)] int MinAvailable,
    [property: Id(7)] string? Revision,
    [property: Id(8)] int Running,
    [property: Id(9)] int Waiting,
    [property: Id(10)] int Queued,
    [property: Id(11)] double KVUsage,
    [property: Id(12)] ReplicaView[] Replicas);
