namespace Grid.Abstractions.Configuration;

/// <summary>gateway: in grid.yaml.</summary>
/// <param name="Routing">prefix-aware, least-load, round-robin, random, power-of-two or session.</param>
/// <param name="Queue">Waiting room of a model; null: the defaults.</param>
/// <param name="Resume">What happens to a stream whose silo is lost; null: the defaults.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.GatewaySpec"), Immutable]
public sealed record GatewaySpec(
    [property: Id(0)] string Routing = "prefix-aware",
    [property: Id(1)] QueueSpec? Queue = null,
    [property: Id(2)] ResumeSpec? Resume = null);
