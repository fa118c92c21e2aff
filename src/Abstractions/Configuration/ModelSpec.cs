namespace Grid.Abstractions.Configuration;

/// <summary>One entry of models: in grid.yaml.</summary>
/// <param name="Name">What requests call it; unique.</param>
/// <param name="Source">An absolute folder or .gguf file, owner/name on the hub, or sim.</param>
/// <param name="Replicas">A fixed number; null with <paramref name="Autoscale"/>.</param>
/// <param name="Autoscale">A moving number; null with <paramref name="Replicas"/>.</param>
/// <param name="MinAvailable">Ready replicas that drains and rollouts keep.</param>
/// <param name="MaxSurge">Replicas above the wanted number during a rollout.</param>
/// <param name="DrainTimeout">Streams of a replica that is being drained are handed over after so long.</param>
/// <param name="Parallelism">How a replica spreads over devices; null: auto.</param>
/// <param name="Engine">Engine options as camelCase key and scalar text (docs/reference/interfaces.md section 2).</param>
/// <param name="Aliases">Further names that requests may use (engine.servedModelName).</param>
/// <param name="Placement">Where replicas may stand; null: anywhere.</param>
/// <param name="Sim">Size and speed of a simulated model; null: the defaults.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ModelSpec"), Immutable]
public sealed record ModelSpec(
    [property: Id(0)] string Name,
    [property: Id(1)] string Source,
    [property: Id(2)] int? Replicas,
    [property: Id(3)] AutoscaleSpec? Autoscale,
    [property: Id(4)] int MinAvailable,
    [property: Id(5)] int MaxSurge = 1,
    [property: Id(6)] TimeSpan DrainTimeout = default,
    [property: Id(7)] ParallelismSpec? Parallelism = null,
    [property: Id(8)] Dictionary<string, string>? Engine = null,
    [property: Id(9)] string[]? Aliases = null,
    [property: Id(10)] PlacementSpec? Placement = null,
    [property: Id(11)] SimSpec? Sim = null);
