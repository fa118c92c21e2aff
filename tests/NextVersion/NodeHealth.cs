namespace Grid.Abstractions.Nodes;

/// <summary>The record that the next version has more.</summary>
/// <param name="Degrees">Of the hottest device.</param>
/// <param name="Words">In words.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.NodeHealth"), Immutable]
public sealed record NodeHealth(
    [property: Id(0)] int Degrees,
    [property: Id(1)] string Words);
