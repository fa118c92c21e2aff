using Grid.Abstractions.Admin;

namespace Grid.Grains.Store;

/// <summary>An operation.</summary>
/// <param name="Id">op-12.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Target">Node or model.</param>
/// <param name="State">Its life.</param>
/// <param name="Reason">A word.</param>
/// <param name="Message">A sentence.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="EndedAt">Null: it runs.</param>
/// <param name="Timeout">Of a drain's hand-over; null: each model's drainTimeout.</param>
/// <param name="TurnAt">When a drain's turn came: its deadline counts from there; null: it waits for another drain.</param>
/// <param name="Force">A drain even below minAvailable.</param>
/// <param name="Actor">Who asked.</param>
/// <param name="Deadline">Of a drain, as it was when its turn came: it is shown when no shard is left to tell.</param>
[GenerateSerializer, Immutable]
internal sealed record OperationRecord(
    string Id,
    OperationKind Kind,
    string Target,
    OperationState State,
    string? Reason,
    string? Message,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    TimeSpan? Timeout,
    DateTimeOffset? TurnAt,
    bool Force,
    string Actor,
    DateTimeOffset? Deadline = null)
{
    /// <summary>Not ended.</summary>
    public bool IsOpen => State is OperationState.Running or OperationState.Blocked;

    /// <summary>As the admin API shows it.</summary>
    public OperationView View() => new(Id, Kind.ToString(), Target, State.ToString(), Reason, Message, StartedAt, EndedAt);
}
