namespace Grid.Configuration.Yaml;

/// <summary>Gathers the faults of a file, so that all are reported together.</summary>
/// <param name="file">The name of the file in the faults.</param>
internal sealed class FaultList(string file)
{
    private readonly List<ConfigFault> _faults = [];

    public bool IsEmpty => _faults.Count == 0;

    public void Add(ConfigNode at, string path, string message) => Add(at.Line, at.Column, path, message);

    public void Add(int line, int column, string path, string message) => _faults.Add(new ConfigFault(file, line, column, path, message));

    public ConfigFault[] Sorted() => [.. _faults.OrderBy(fault => fault.Line).ThenBy(fault => fault.Column)];
}
