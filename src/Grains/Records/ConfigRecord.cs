using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;

namespace Grid.Grains.Records;

/// <summary>An accepted configuration.</summary>
/// <param name="Version">The version, which rises with each accepted configuration.</param>
/// <param name="Time">The time, in UTC.</param>
/// <param name="Actor">The name of the admin who sent it.</param>
/// <param name="Text">The file as it was sent.</param>
/// <param name="Message">What the change was, as a sentence for people.</param>
/// <param name="Config">The content of the file.</param>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("grid.ConfigRecord"), Immutable]
internal sealed record ConfigRecord(
    [property: Id(0)] long Version,
    [property: Id(1)] DateTimeOffset Time,
    [property: Id(2)] string Actor,
    [property: Id(3)] string Text,
    [property: Id(4)] string Message,
    [property: Id(5)] GridConfig Config)
{
    /// <summary>As the admin API shows it.</summary>
    public ConfigVersionView View() => new(Version, Time, Actor, Text, Message);
}
