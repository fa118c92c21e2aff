namespace Grid.Abstractions.Admin;

/// <summary>A model, as the grid's status shows it.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="State">One of Ready, Progressing, Degraded, ScaledToZero and Failed.</param>
/// <param name="Reason">The reason for the state, as one word for programs.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Desired">The desired number of replicas.</param>
/// <param name="Ready">The number of replicas that are ready.</param>
/// <param name="MinAvailable">The number of ready replicas that drains and rollouts keep.</param>
/// <param name="Revision">The revision that replicas are to serve.</param>
/// <param name="Running">The number of running requests.</param>
/// <param name="Waiting">The number of waiting requests.</param>
/// <param name="Queued">The number of requests that wait at gateways.</param>
/// <param name="KVUsage">The share of the KV cache in use, from 0 to 1.</param>
/// <param name="Replicas">The replicas, sorted by id.</param>
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
