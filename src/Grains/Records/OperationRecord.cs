using Grid.Abstractions.Admin;
using Grid.Abstractions.Operations;

namespace Grid.Grains.Records;

/// <summary>An operation.</summary>
/// <param name="Id">Its id, such as op-12.</param>
/// <param name="Kind">What the operation does.</param>
/// <param name="Target">The name of the node or model.</param>
/// <param name="State">The state that the operation is in.</param>
/// <param name="Reason">The reason as one word for programs.</param>
/// <param name="Message">The reason as a sentence for people.</param>
/// <param name="StartedAt">The time, in UTC.</param>
/// <param name="EndedAt">When it ended, in UTC; null while it runs.</param>
/// <param name="Timeout">The time until a drain's hand-over; null for each model's drainTimeout.</param>
/// <param name="TurnAt">When a drain's turn came, from which its deadline counts; null while it waits for another drain.</param>
/// <param name="Force">Whether a drain continues even where a model falls below minAvailable.</param>
/// <param name="Actor">The name of the admin who asked for it.</param>
/// <param name="Deadline">The deadline of a drain as it was when its turn came; it is shown when no shard is left to derive it
/// from.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.OperationRecord"), Immutable]
internal sealed record OperationRecord(
    [property: Id(0)] string Id,
    [property: Id(1)] OperationKind Kind,
    [property: Id(2)] string Target,
    [property: Id(3)] OperationState State,
    [property: Id(4)] string? Reason,
    [property: Id(5)] string? Message,
    [property: Id(6)] DateTimeOffset StartedAt,
    [property: Id(7)] DateTimeOffset? EndedAt,
    [property: Id(8)] TimeSpan? Timeout,
    [property: Id(9)] DateTimeOffset? TurnAt,
    [property: Id(10)] bool Force,
    [property: Id(11)] string Actor,
    [property: Id(12)] DateTimeOffset? Deadline = null)
{
    /// <summary>Whether it has not ended.</summary>
    public bool IsOpen => State is OperationState.Running or OperationState.Blocked;

    /// <summary>As the admin API shows it.</summary>
    public OperationView View() => new(Id, Kind.ToString(), Target, State.ToString(), Reason, Message, StartedAt, EndedAt);
}
