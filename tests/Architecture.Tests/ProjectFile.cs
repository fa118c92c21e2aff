using System.Xml.Linq;
using Grid.TestUtilities;

namespace Grid.Architecture.Tests;

/// <summary>What a project file asks for.</summary>
internal sealed class ProjectFile
{
    private readonly XDocument _document;

    private ProjectFile(string path)
    {
        Path = path;
        _document = XDocument.Load(path);
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool ImportsTorch => Values("Import", "Project").Any(value => value.EndsWith("build/Torch.props", StringComparison.Ordinal));

    public bool IsExecutable => Path.Contains("/tests/", StringComparison.Ordinal)
        || _document.Descendants("OutputType").Any(element => element.Value == "Exe");

    public IEnumerable<string> Packages => Values("PackageReference", "Include");

    public IEnumerable<string> Frameworks => Values("FrameworkReference", "Include");

    public IEnumerable<ProjectFile> References => Values("ProjectReference", "Include")
        .Select(value =>
        new ProjectFile(System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, value))));

    /// <summary>This project and all that it references, directly or not.</summary>
    public IEnumerable<ProjectFile> Closure =>
        References.SelectMany(project => project.Closure).Prepend(this).DistinctBy(project => project.Path);

    public static ProjectFile Source(string name) => new(System.IO.Path.Combine(Fixtures.RepositoryRoot, "src", name, $"{name}.csproj"));

    public static IEnumerable<ProjectFile> All() => new[] { "src", "tests" }
        .SelectMany(
        folder =>
            Directory.EnumerateFiles(System.IO.Path.Combine(Fixtures.RepositoryRoot, folder), "*.csproj", SearchOption.AllDirectories))
        .Order(StringComparer.Ordinal)
        .Select(path => new ProjectFile(path));

    private IEnumerable<string> Values(string element, string attribute) =>
        _document.Descendants(element).Select(found => found.Attribute(attribute)?.Value).OfType<string>();
}
