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
/// <param name="Engine">Engine options as camelCase key and scalar text (interfaces.md section 2).</param>
/// <param name="Aliases">Further names that requests may use (engine.servedModelName).</param>
/// <param name="Placement">Where replicas may stand; null: anywhere.</param>
/// <param name="Sim">Size and speed of a simulated model; null: the defaults.</param>
[GenerateSerializer, Immutable]
public sealed record ModelSpec(
    string Name,
    string Source,
    int? Replicas,
    AutoscaleSpec? Autoscale,
    int MinAvailable,
    int MaxSurge = 1,
    TimeSpan DrainTimeout = default,
    ParallelismSpec? Parallelism = null,
    Dictionary<string, string>? Engine = null,
    string[]? Aliases = null,
    PlacementSpec? Placement = null,
    SimSpec? Sim = null);
