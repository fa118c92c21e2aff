namespace Grid.House;

/// <summary>
/// The folders of one project and what each uses of the others. An arrow is a <c>using</c> line, a type named through its namespace, or a
/// type of an enclosing namespace, which C# shows to a nested one without any <c>using</c>.
/// </summary>
public sealed class FolderGraph
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _arrows = new(StringComparer.Ordinal);

    /// <summary>Reads the arrows between the namespaces of some files.</summary>
    /// <param name="root">The project's namespace: <c>Grid.Engine</c>.</param>
    /// <param name="files">All files of the project.</param>
    /// <param name="globalUsings">Namespaces that the project file brings into every file.</param>
    public FolderGraph(string root, IReadOnlyCollection<SourceFile> files, IReadOnlyCollection<string>? globalUsings = null)
    {
        Root = root;
        var types = files.Where(file => file.Namespace.Length > 0)
            .GroupBy(file => file.Namespace, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.SelectMany(file => file.Types).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
        foreach (var space in types.Keys) _arrows[Name(space)] = new(StringComparer.Ordinal);
        foreach (var file in files.Where(file => file.Namespace.Length > 0))
            foreach (var (space, declared) in types)
            {
                if (space == file.Namespace || !Uses(file, space, declared, globalUsings ?? [])) continue;
                _arrows[Name(file.Namespace)].TryAdd(Name(space), file.Path);
            }
    }

    /// <summary>The project's namespace.</summary>
    public string Root { get; }

    /// <summary>Folders by their path below the project; <c>.</c> is the project's own.</summary>
    public IEnumerable<string> Folders => _arrows.Keys;

    /// <summary>Every arrow, with one file that draws it.</summary>
    public IEnumerable<(string From, string To, string File)> Arrows =>
        _arrows.SelectMany(from => from.Value.Select(to => (from.Key, to.Key, to.Value)));

    /// <summary>Groups of folders that reach each other; an empty list where all arrows point one way.</summary>
    public IReadOnlyList<string[]> Cycles()
    {
        var reach = _arrows.Keys.ToDictionary(folder => folder, Reachable, StringComparer.Ordinal);
        return [.. _arrows.Keys
            .Where(folder => reach[folder].Contains(folder))
            .GroupBy(folder => string.Join(' ', reach[folder].Where(other => reach[other].Contains(folder)).Order(StringComparer.Ordinal)))
            .Select(group => group.ToArray())];
    }

    /// <summary>Arrows that point up in a list of folders, and folders that the list lacks.</summary>
    /// <param name="floors">Folders from the bottom up; a folder stands for those below it that have no line of their own.</param>
    public IReadOnlyList<string> Against(IReadOnlyList<string> floors)
    {
        var faults = new List<string>();
        var floorOf = floors.Index().ToDictionary(floor => floor.Item, floor => floor.Index, StringComparer.Ordinal);
        int Floor(string folder)
        {
            for (var name = folder; ; name = name[..name.LastIndexOf('/')])
                if (floorOf.TryGetValue(name, out var floor)) return floor;
                else if (!name.Contains('/')) return -1;
        }

        foreach (var folder in Folders)
            if (Floor(folder) < 0) faults.Add($"{Root}: {folder} is on no floor");
        foreach (var (from, to, file) in Arrows)
            if (Floor(from) < Floor(to)) faults.Add($"{Root}: {from} uses {to}, which is above it ({file})");
        return faults;
    }

    private static bool Uses(SourceFile file, string space, HashSet<string> types, IReadOnlyCollection<string> globalUsings)
    {
        if (file.Usings.Any(name => name == space || IsTypeOf(name, space, types))) return true;
        if (globalUsings.Contains(space) || file.Namespace.StartsWith(space + ".", StringComparison.Ordinal))
            return types.Any(type => file.Words.Contains(type) && !file.Types.Contains(type));
        var last = space[(space.LastIndexOf('.') + 1)..];
        return file.Words.Contains(last) && types.Any(type => file.Words.Contains(type) && file.Names($"{last}.{type}"));
    }

    private static bool IsTypeOf(string name, string space, HashSet<string> types) =>
        name.StartsWith(space + ".", StringComparison.Ordinal) && types.Contains(name[(space.Length + 1)..]);

    private HashSet<string> Reachable(string folder)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(_arrows[folder].Keys);
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next)) continue;
            foreach (var further in _arrows[next].Keys) open.Push(further);
        }

        return seen;
    }

    private string Name(string space) => space == Root ? "." : space[(Root.Length + 1)..].Replace('.', '/');
}
