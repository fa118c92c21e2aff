namespace Grid.Abstractions.Nodes;

/// <summary>What a node found where a model's source points.</summary>
/// <param name="Source">As in the configuration.</param>
/// <param name="Checksum">Of all files together; null where they are missing.</param>
/// <param name="WeightsBytes">Of the weights as they would be loaded.</param>
/// <param name="KVBytesPerToken">Keys and values of one token, all layers.</param>
/// <param name="MaxModelLen">Derived from its config.</param>
/// <param name="Error">Why it cannot be served here; null: it can.</param>
/// <param name="Profile">What a planner needs to know of the model, in the engine's JSON; null: not known.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ModelFiles"), Immutable]
public sealed record ModelFiles(
    [property: Id(0)] string Source,
    [property: Id(1)] string? Checksum,
    [property: Id(2)] long WeightsBytes,
    [property: Id(3)] long KVBytesPerToken,
    [property: Id(4)] int MaxModelLen,
    [property: Id(5)] string? Error,
    [property: Id(6)] string? Profile = null);
