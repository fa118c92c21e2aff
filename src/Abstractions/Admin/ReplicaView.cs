using System.Text.Json.Serialization;

namespace Grid.Abstractions.Admin;

/// <summary>A replica, as a model shows it.</summary>
/// <param name="Id">Its id, such as guide/r0.</param>
/// <param name="Epoch">The epoch of its plan.</param>
/// <param name="State">The name of a <c>ReplicaState</c>.</param>
/// <param name="Reason">The reason for the state, as one word for programs.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="KVTokens">The number of tokens that the KV caches of all ranks hold.</param>
/// <param name="MaxConcurrency">The number of requests of full length that all ranks can run at once.</param>
/// <param name="Strategy">The sizes of its layout.</param>
/// <param name="Ranks">Its ranks, sorted by id.</param>
/// <param name="PipelineLayers">The number of layers of each stage, if the grid divided them.</param>
/// <param name="Reasons">Why the grid chose this layout, in sentences; null if it was asked for.</param>
/// <param name="Failure">Why the last placement failed, without the time of the next attempt; it is part of no JSON document.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ReplicaView"), Immutable]
public sealed record ReplicaView(
    [property: Id(0)] ReplicaId Id,
    [property: Id(1)] long Epoch,
    [property: Id(2)] string State,
    [property: Id(3)] string? Reason,
    [property: Id(4)] string? Message,
    [property: Id(5)] long KVTokens,
    [property: Id(6)] double MaxConcurrency,
    [property: Id(7)] StrategyView Strategy,
    [property: Id(8)] RankView[] Ranks,
    [property: Id(9)] int[]? PipelineLayers = null,
    [property: Id(10)] string[]? Reasons = null,
    [property: Id(11), JsonIgnore] string? Failure = null);
