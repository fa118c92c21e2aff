using Grid.Abstractions.Configuration;
using Grid.Configuration.Yaml;

namespace Grid.Configuration.Reading;

/// <summary>A configuration file that was read.</summary>
/// <param name="Config">The configuration; null if there is a fault.</param>
/// <param name="Text">The text of the file.</param>
/// <param name="Faults">All of them, in the file's order; empty: it is valid.</param>
public sealed record ParsedConfig(GridConfig? Config, string Text, ConfigFault[] Faults);
