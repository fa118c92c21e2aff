namespace Grid.Abstractions.Admin;

/// <summary>An accepted configuration.</summary>
/// <param name="Version">Rises.</param>
/// <param name="Time">UTC.</param>
/// <param name="Actor">Who sent it.</param>
/// <param name="Text">The file as it was sent.</param>
/// <param name="Message">What changed.</param>
[GenerateSerializer, Immutable]
public sealed record ConfigVersionView(
    long Version,
    DateTimeOffset Time,
    string Actor,
    string Text,
    string Message);
