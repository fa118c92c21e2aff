namespace Grid.Abstractions.Configuration;

/// <summary>An entry of models in grid.yaml.</summary>
/// <param name="Name">The unique name that requests use.</param>
/// <param name="Source">An absolute folder or .gguf file, owner/name on the hub, or sim.</param>
/// <param name="Replicas">A fixed number of replicas; null with <paramref name="Autoscale"/>.</param>
/// <param name="Autoscale">The limits of a number that follows the load; null with <paramref name="Replicas"/>.</param>
/// <param name="MinAvailable">The number of ready replicas that drains and rollouts keep.</param>
/// <param name="MaxSurge">The number of replicas above the desired one during a rollout.</param>
/// <param name="DrainTimeout">How long a drain waits before it hands streams over.</param>
/// <param name="Parallelism">How a replica is spread over devices; null for auto.</param>
/// <param name="Engine">Engine options as camelCase key and scalar text (docs/reference/interfaces.md section 2).</param>
/// <param name="Aliases">Further names that requests may use (engine.servedModelName).</param>
/// <param name="Placement">Where replicas may be placed; null for anywhere.</param>
/// <param name="Sim">The size and speed of a simulated model; null for the defaults.</param>
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
