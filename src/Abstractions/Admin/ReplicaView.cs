using System.Text.Json.Serialization;

namespace Grid.Abstractions.Admin;

/// <summary>A replica in ModelView.</summary>
/// <param name="Id">guide/r0.</param>
/// <param name="Epoch">Of its plan.</param>
/// <param name="State">ReplicaState.</param>
/// <param name="Reason">A word.</param>
/// <param name="Message">A sentence.</param>
/// <param name="KVTokens">Of all ranks.</param>
/// <param name="MaxConcurrency">Of all ranks.</param>
/// <param name="Strategy">Sizes.</param>
/// <param name="Ranks">By id.</param>
/// <param name="PipelineLayers">Layers of each stage, where the grid divided them.</param>
/// <param name="Reasons">Why this layout, in sentences, where the grid chose it.</param>
/// <param name="Failure">What the last placing failed of, without when it is tried again; of no document.</param>
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
