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
[GenerateSerializer, Immutable]
public sealed record ModelRoute(
    string Name,
    string[] Aliases,
    string Root,
    long Created,
    int? MaxModelLen,
    bool ScaledToZero,
    TimeSpan ActivationTimeout,
    RankRoute[] Ranks);
