using Grid.Abstractions.Admin;
using Grid.Abstractions.Configuration;

namespace Grid.Grains.Store;

/// <summary>An accepted configuration.</summary>
/// <param name="Version">Rises.</param>
/// <param name="Time">UTC.</param>
/// <param name="Actor">Who sent it.</param>
/// <param name="Text">The file as it was sent.</param>
/// <param name="Message">What changed.</param>
/// <param name="Config">Its content.</param>
[GenerateSerializer, Immutable]
internal sealed record ConfigRecord(long Version, DateTimeOffset Time, string Actor, string Text, string Message, GridConfig Config)
{
    /// <summary>As the admin API shows it.</summary>
    public ConfigVersionView View() => new(Version, Time, Actor, Text, Message);
}
