using System.Text.RegularExpressions;

namespace Grid.House;

/// <summary>Limits that the whole tree keeps, and where it breaks them.</summary>
/// <param name="tree">The repository.</param>
public sealed partial class HouseRules(SourceTree tree)
{
    /// <summary>Files that a folder may hold.</summary>
    public const int FilesPerFolder = 25;

    /// <summary>Lines of a file that are not blank.</summary>
    public const int LinesPerFile = 300;

    /// <summary>Columns of a line.</summary>
    public const int Columns = 140;

    /// <summary>Words that one file spells out and all others ask it for.</summary>
    public static readonly string[] OneHome = ["$\"dp", "\"ep{", "\"gpt2\"", "\"process\"", "\"ScaledToZero\""];

    /// <summary>Cycles of folders, by project.</summary>
    public IReadOnlyList<string> Cycles() =>
        [.. tree.Projects.SelectMany(project => tree.Graph(project).Cycles().Select(cycle => $"{project}: {string.Join(", ", cycle)}"))];

    /// <summary>Folders with too many files.</summary>
    public IReadOnlyList<string> CrowdedFolders() =>
        [.. tree.Files.GroupBy(file => file.Folder).Where(group => group.Count() > FilesPerFolder)
        .Select(group => $"{group.Key}: {group.Count()}")];

    /// <summary>Files with too many lines.</summary>
    public IReadOnlyList<string> LongFiles() =>
        [.. tree.Files.Where(file => file.NonBlankLines > LinesPerFile).Select(file => $"{file.Path}: {file.NonBlankLines}")];

    /// <summary>Lines with too many columns.</summary>
    public IReadOnlyList<string> LongLines() =>
        [.. tree.Files.SelectMany(file => file.Lines.Select((line, index) => (file.Path, Number: index + 1, line.Length)))
            .Where(line => line.Length > Columns).Select(line => $"{line.Path}:{line.Number}: {line.Length}")];

    /// <summary>Assignments to settable properties of a folder's types, outside of it and of the folder that may change them.</summary>
    public IReadOnlyList<string> ChangesPast(string records, string store)
    {
        string[] names = [.. tree.Files.Where(file => file.Folder == records).SelectMany(file => file.Lines)
            .Select(line => Settable().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).Distinct()];
        var change = new Regex($@"\.({string.Join('|', names)})\s*=[^=>]");
        var project = records[..records.LastIndexOf('/')];
        return [.. tree.Files.Where(file => file.Path.StartsWith(project, StringComparison.Ordinal)
                && !file.Folder.StartsWith(records, StringComparison.Ordinal) && !file.Folder.StartsWith(store, StringComparison.Ordinal))
            .SelectMany(file => file.Lines.Where(line => change.IsMatch(line)).Select(line => $"{file.Path}: {line.Trim()}"))];
    }

    /// <summary>The values of a file's text constants, in quotes.</summary>
    public IReadOnlyList<string> Reasons(string path) =>
        [.. tree.Files.Where(file => file.Path == path)
            .SelectMany(file => file.Lines).Select(line => Constant().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value)];

    /// <summary>In which files outside of tests and tokenization a word of <see cref="OneHome"/> is spelled out.</summary>
    public IReadOnlyList<string> Homes(string word) =>
        [.. tree.Files.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal)
                && !file.Path.StartsWith("src/Tokenization/", StringComparison.Ordinal)
                && file.Lines.Any(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal)
                    && line.Contains(word, StringComparison.Ordinal)))
            .Select(file => file.Path)];

    [GeneratedRegex(@"(\w+) \{ get; set; \}")]
    private static partial Regex Settable();

    [GeneratedRegex("const string \\w+ = (\"\\w+\");")]
    private static partial Regex Constant();
}
