namespace Grid.Abstractions.Admin;

/// <summary>An accepted configuration.</summary>
/// <param name="Version">Rises.</param>
/// <param name="Time">UTC.</param>
/// <param name="Actor">Who sent it.</param>
/// <param name="Text">The file as it was sent.</param>
/// <param name="Message">What changed.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ConfigVersionView"), Immutable]
public sealed record ConfigVersionView(
    [property: Id(0)] long Version,
    [property: Id(1)] DateTimeOffset Time,
    [property: Id(2)] string Actor,
    [property: Id(3)] string Text,
    [property: Id(4)] string Message);
