using Grid.Abstractions.Configuration;
using Grid.Configuration.Yaml;

namespace Grid.Configuration.Reading;

/// <summary>A configuration file that was read.</summary>
/// <param name="Config">Null where there is a fault.</param>
/// <param name="Text">The file as it stands.</param>
/// <param name="Faults">All of them, in the file's order; empty: it is valid.</param>
public sealed record ParsedConfig(GridConfig? Config, string Text, ConfigFault[] Faults);
