namespace Grid.Abstractions.Admin;

/// <summary>An operation, as operators see it.</summary>
/// <param name="Id">Its id, such as op-12.</param>
/// <param name="Kind">One of Drain, Rollout, Scale and Delete.</param>
/// <param name="Target">The name of the node or model.</param>
/// <param name="State">One of Running, Blocked, Succeeded, Cancelled and Failed.</param>
/// <param name="Reason">The reason for the state, as one word for programs.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="StartedAt">When it started, in UTC.</param>
/// <param name="EndedAt">When it ended, in UTC; null while it runs.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.OperationView"), Immutable]
public sealed record OperationView(
    [property: Id(0)] string Id,
    [property: Id(1)] string Kind,
    [property: Id(2)] string Target,
    [property: Id(3)] string State,
    [property: Id(4)] string? Reason,
    [property: Id(5)] string? Message,
    [property: Id(6)] DateTimeOffset StartedAt,
    [property: Id(7)] DateTimeOffset? EndedAt);
