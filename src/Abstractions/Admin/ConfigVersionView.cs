namespace Grid.Abstractions.Admin;

/// <summary>An accepted configuration.</summary>
/// <param name="Version">A number that rises with each accepted configuration.</param>
/// <param name="Time">When it was accepted, in UTC.</param>
/// <param name="Actor">The name of the admin who sent it.</param>
/// <param name="Text">The file as it was sent.</param>
/// <param name="Message">What the version changed, as a sentence for people.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ConfigVersionView"), Immutable]
public sealed record ConfigVersionView(
    [property: Id(0)] long Version,
    [property: Id(1)] DateTimeOffset Time,
    [property: Id(2)] string Actor,
    [property: Id(3)] string Text,
    [property: Id(4)] string Message);
