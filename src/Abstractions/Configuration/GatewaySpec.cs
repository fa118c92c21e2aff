namespace Grid.Abstractions.Configuration;

/// <summary>The section gateway in grid.yaml.</summary>
/// <param name="Routing">One of prefix-aware, least-load, round-robin, random, power-of-two and session.</param>
/// <param name="Queue">The limits of each model's queue; null for the defaults.</param>
/// <param name="Resume">What happens to a stream whose silo is lost; null for the defaults.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.GatewaySpec"), Immutable]
public sealed record GatewaySpec(
    [property: Id(0)] string Routing = "prefix-aware",
    [property: Id(1)] QueueSpec? Queue = null,
    [property: Id(2)] ResumeSpec? Resume = null);
