namespace Grid.Engine.Devices;

/// <summary>
/// Libraries that the process has loaded already: what libtorch uses must not be loaded twice, and its packages add a hash to names.
/// </summary>
internal static class MappedLibraries
{
    private const string LinuxMappingsFile = "/proc/self/maps";

    /// <summary>Paths of files that begin with a name, such as <c>libcudart</c>.</summary>
    public static IEnumerable<string> Of(string name) => !File.Exists(LinuxMappingsFile) ? [] : File.ReadLines(LinuxMappingsFile)
        .Where(line => line.Contains('/' + name, StringComparison.Ordinal))
        .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
        .Where(path => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal))
        .Distinct(StringComparer.Ordinal);
}
