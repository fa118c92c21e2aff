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
[GenerateSerializer, Immutable]
public sealed record OperationView(
    string Id,
    string Kind,
    string Target,
    string State,
    string? Reason,
    string? Message,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt);
