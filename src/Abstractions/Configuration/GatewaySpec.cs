namespace Grid.Abstractions.Configuration;

/// <summary>gateway: in grid.yaml.</summary>
/// <param name="Routing">prefix-aware, least-load, round-robin, random, power-of-two or session.</param>
/// <param name="Queue">Waiting room of a model; null: the defaults.</param>
/// <param name="Resume">What happens to a stream whose silo is lost; null: the defaults.</param>
[GenerateSerializer, Immutable]
public sealed record GatewaySpec(
    string Routing = "prefix-aware",
    QueueSpec? Queue = null,
    ResumeSpec? Resume = null);
