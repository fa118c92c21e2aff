namespace Grid.Abstractions.Nodes;

/// <summary>What a node found where a model's source points.</summary>
/// <param name="Source">The source, as in the configuration.</param>
/// <param name="Checksum">The checksum of all files together; null if they are missing.</param>
/// <param name="WeightsBytes">The size of the weights as they would be loaded.</param>
/// <param name="KVBytesPerToken">The size of the keys and values of one token in all layers.</param>
/// <param name="MaxModelLen">The maximum length, derived from its config.json.</param>
/// <param name="Error">Why it cannot be served here; null if it can.</param>
/// <param name="Profile">What a planner needs to know of the model, in the engine's JSON; null if it is unknown.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ModelFiles"), Immutable]
public sealed record ModelFiles(
    [property: Id(0)] string Source,
    [property: Id(1)] string? Checksum,
    [property: Id(2)] long WeightsBytes,
    [property: Id(3)] long KVBytesPerToken,
    [property: Id(4)] int MaxModelLen,
    [property: Id(5)] string? Error,
    [property: Id(6)] string? Profile = null);
