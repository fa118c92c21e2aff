namespace Grid.Abstractions.Admin;

/// <summary>An operation.</summary>
/// <param name="Id">op-12.</param>
/// <param name="Kind">Drain, Rollout, Scale or Delete.</param>
/// <param name="Target">Node or model.</param>
/// <param name="State">Running, Blocked, Succeeded, Cancelled or Failed.</param>
/// <param name="Reason">A word.</param>
/// <param name="Message">A sentence.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="EndedAt">Null: it runs.</param>
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
