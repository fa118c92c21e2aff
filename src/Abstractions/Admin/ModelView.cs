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
[GenerateSerializer, Immutable]
public sealed record ModelView(
    string Name,
    string State,
    string? Reason,
    string? Message,
    int Desired,
    int Ready,
    int MinAvailable,
    string? Revision,
    int Running,
    int Waiting,
    int Queued,
    double KVUsage,
    ReplicaView[] Replicas);
