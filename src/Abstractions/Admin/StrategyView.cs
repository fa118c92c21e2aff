namespace Grid.Abstractions.Admin;

/// <summary>Sizes in ReplicaView.</summary>
/// <param name="Tensor">T.</param>
/// <param name="Pipeline">P.</param>
/// <param name="Data">D.</param>
/// <param name="Expert">E.</param>
[GenerateSerializer, Immutable]
public sealed record StrategyView(
    int Tensor,
    int Pipeline,
    int Data,
    int Expert);
