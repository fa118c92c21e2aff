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
[GenerateSerializer, Immutable]
public sealed record ReplicaView(
    string Id,
    long Epoch,
    string State,
    string? Reason,
    string? Message,
    long KVTokens,
    double MaxConcurrency,
    StrategyView Strategy,
    RankView[] Ranks,
    int[]? PipelineLayers = null,
    string[]? Reasons = null,
    [property: JsonIgnore] string? Failure = null);
