using System.Text.RegularExpressions;
using Grid.Primitives.Options;

namespace Grid.Configuration.Reading;

/// <summary>Tells folders and files from names on the hub, and makes relative paths start at the file's folder.</summary>
/// <param name="folder">The absolute path of the folder.</param>
/// <param name="exists">Whether there is a file or folder at a path.</param>
internal sealed partial class SourceResolver(string folder, Func<string, bool> exists)
{
    /// <summary>
    /// An absolute path, <c>owner/name</c>, or <c>sim</c>. Two plain words with a slash are a path where one is there, else a name on the
    /// hub.
    /// </summary>
    public string Resolve(string source)
    {
        if (SimulatedModel.Is(source)) return source;
        var path = Path.GetFullPath(Path.Combine(folder, source));
        var isPath = Path.IsPathRooted(source) || source.StartsWith('.') || source.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
            || source.EndsWith('/') || !HubName().IsMatch(source) || exists(path);
        return isPath ? path.Length > 1 ? path.TrimEnd('/') : path : source;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex HubName();
}
