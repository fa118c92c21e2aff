namespace Grid.Configuration.Yaml;

/// <summary>What is wrong with a configuration file, and where.</summary>
/// <param name="File">The file as people know it, such as grid.yaml.</param>
/// <param name="Line">The line in the file, from 1.</param>
/// <param name="Column">The column in the line, from 1.</param>
/// <param name="Path">models[0].replicas; empty: the document.</param>
/// <param name="Message">The rule, the limit and the value given.</param>
public sealed record ConfigFault(string File, int Line, int Column, string Path, string Message)
{
    /// <summary><c>grid.yaml:LINE:COL: path: message</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {(Path.Length == 0 ? "" : Path + ": ")}{Message}";
}
