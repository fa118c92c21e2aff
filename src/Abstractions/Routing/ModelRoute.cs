namespace Grid.Abstractions.Routing;

/// <summary>A model of the grid, whether or not it has a rank now.</summary>
/// <param name="Name">The name of the model, as it is served.</param>
/// <param name="Aliases">Further names that requests may use.</param>
/// <param name="Root">The source of the model, as its configuration has it.</param>
/// <param name="Created">When it was added, in seconds since 1970.</param>
/// <param name="MaxModelLen">The maximum number of tokens of a request; null until a rank has reported it.</param>
/// <param name="ScaledToZero">Whether it is scaled to zero; a request wakes it.</param>
/// <param name="ActivationTimeout">How long a request may wait until it is awake.</param>
/// <param name="Ranks">Its ranks, sorted by id.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ModelRoute"), Immutable]
public sealed record ModelRoute(
    [property: Id(0)] string Name,
    [property: Id(1)] string[] Aliases,
    [property: Id(2)] string Root,
    [property: Id(3)] long Created,
    [property: Id(4)] int? MaxModelLen,
    [property: Id(5)] bool ScaledToZero,
    [property: Id(6)] TimeSpan ActivationTimeout,
    [property: Id(7)] RankRoute[] Ranks);
