using System.Text.RegularExpressions;

namespace Grid.House;

/// <summary>
/// One C# file: where it is, which namespaces it names, and what it declares. Read as text, so that code that does not compile counts too.
/// </summary>
public sealed partial class SourceFile
{
    private readonly string _code;

    /// <summary>Reads a file's text.</summary>
    /// <param name="path">Relative to the repository's root, with slashes.</param>
    /// <param name="text">The whole file.</param>
    public SourceFile(string path, string text)
    {
        Path = path;
        Lines = text.Split('\n');
        _code = Noise().Replace(text, match => match.Value[0] == '/' ? " " : "\"\"");
        Namespace = NamespaceLine().Match(_code) is { Success: true } line ? line.Groups[1].Value : "";
        Types = TypeDeclaration().Matches(_code).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        Usings = [.. UsingLine().Matches(_code).Select(match => match.Groups[1].Value)];
        Words = Word().Matches(_code).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Relative to the repository's root.</summary>
    public string Path { get; }

    /// <summary>Every line, blank ones too.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Of its file-scoped declaration; empty: none.</summary>
    public string Namespace { get; }

    /// <summary>Types that it declares, nested ones too.</summary>
    public IReadOnlySet<string> Types { get; }

    /// <summary>Namespaces that its <c>using</c> lines name.</summary>
    public IReadOnlyList<string> Usings { get; }

    /// <summary>Every identifier outside of comments and literals.</summary>
    public IReadOnlySet<string> Words { get; }

    /// <summary>Lines with anything but white space on them.</summary>
    public int NonBlankLines => Lines.Count(line => !string.IsNullOrWhiteSpace(line));

    /// <summary>The folder that holds it.</summary>
    public string Folder => Path[..Path.LastIndexOf('/')];

    /// <summary>Whether the code names a type through a namespace, as in <c>Layers.Linear</c>.</summary>
    public bool Names(string qualifiedType) => Regex.IsMatch(_code, $@"\b{Regex.Escape(qualifiedType)}\b");

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|\"{3,}.*?\"{3,}|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'""",
        RegexOptions.Singleline)]
    private static partial Regex Noise();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?(Grid(?:\.\w+)*)[.<\w>]*;", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record|record struct|delegate \w+(?:<[\w, ]+>)?) ([A-Z]\w*)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"\b[A-Z]\w*\b")]
    private static partial Regex Word();
}
