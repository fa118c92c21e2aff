using System.Text.RegularExpressions;

namespace Grid.House;

/// <summary>The repository's own C# files.</summary>
public sealed partial class SourceTree
{
    private SourceTree(string root, IReadOnlyList<SourceFile> files) => (Root, Files) = (root, files);

    /// <summary>The repository's folder.</summary>
    public string Root { get; }

    /// <summary>All files below <c>src</c> and <c>tests</c>, sorted by path.</summary>
    public IReadOnlyList<SourceFile> Files { get; }

    /// <summary>Names of the folders below <c>src</c> with a project in them.</summary>
    public IReadOnlyList<string> Projects => [.. Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>Reads the repository that holds a folder.</summary>
    public static SourceTree Read(string folder)
    {
        var root = folder;
        while (!File.Exists(Path.Combine(root, "Grid.sln")))
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException($"No folder above {folder} holds Grid.sln.");
        var paths = new[] { "src", "tests" }
            .SelectMany(top => Directory.EnumerateFiles(Path.Combine(root, top), "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => !BuildOutput().IsMatch(path))
            .Order(StringComparer.Ordinal);
        return new SourceTree(root, [.. paths.Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(root, path))))]);
    }

    /// <summary>The folders of one project below <c>src</c>.</summary>
    public FolderGraph Graph(string project)
    {
        var settings = File.ReadAllText(Path.Combine(Root, "src", project, $"{project}.csproj"));
        var globals = GlobalUsing().Matches(settings).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        return new FolderGraph($"Grid.{project}",
            [.. Files.Where(file => file.Path.StartsWith($"src/{project}/", StringComparison.Ordinal))], globals);
    }

    [GeneratedRegex("(^|/)(bin|obj)/")]
    private static partial Regex BuildOutput();

    [GeneratedRegex("<Using Include=\"(Grid[^\"]*)\"")]
    private static partial Regex GlobalUsing();
}
