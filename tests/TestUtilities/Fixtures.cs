namespace Grid.TestUtilities;

/// <summary>Where test data lies.</summary>
public static class Fixtures
{
    /// <summary>The repository's root: the nearest folder above the test that holds Grid.sln.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Data that is committed with the tests.</summary>
    public static string Own(string path) => Path.Combine(RepositoryRoot, "tests", "fixtures", path);

    /// <summary>Data kept outside the repository (GRID_FIXTURES, else shared/fixtures beside it), or null where it is absent.</summary>
    public static string? Shared(string path) => Existing(Path.Combine(SharedRoot, path));

    /// <summary>Models kept outside the repository, or null where they are absent.</summary>
    public static string? SharedModel(string path) => Existing(Path.Combine(SharedRoot, "..", "models", path));

    /// <summary>A model committed under models/.</summary>
    public static string Model(string name) => Path.Combine(RepositoryRoot, "models", name);

    private static string SharedRoot =>
        Environment.GetEnvironmentVariable("GRID_FIXTURES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(RepositoryRoot, "..", "shared", "fixtures");

    private static string? Existing(string path) => Path.Exists(path) ? Path.GetFullPath(path) : null;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Grid.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Grid.sln.");
    }
}
