namespace Grid.Abstractions.Routing;

/// <summary>A model that is wanted, whether or not it has a rank now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Aliases">Further names.</param>
/// <param name="Root">Its source.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="MaxModelLen">Null until a rank has told it.</param>
/// <param name="ScaledToZero">A request wakes it.</param>
/// <param name="ActivationTimeout">How long a request may wait for that.</param>
/// <param name="Ranks">Sorted by id.</param>
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
