using System.Text.RegularExpressions;

namespace Grid.Engine.Models.Files;

/// <summary>
/// The hub's cache on this machine: <c>models--OWNER--NAME</c> with <c>blobs</c>, <c>refs</c> and <c>snapshots</c>.
/// </summary>
/// <param name="variable">Reads an environment variable; null where it is not set.</param>
public sealed partial class HuggingFaceCache(Func<string, string?> variable)
{
    private const string DefaultRevision = "main";

    /// <summary><c>HF_HUB_CACHE</c>, else <c>HF_HOME/hub</c>, else <c>huggingface/hub</c> in the user's cache folder.</summary>
    public string Folder { get; } = FindFolder(variable);

    /// <summary>Whether a name can be a repository's: <c>owner/name</c>, or <c>name</c> alone as the hub's oldest models have.</summary>
    public static bool IsRepository(string name) => RepositoryPattern().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal);

    /// <summary>The folder of a repository, whether or not it is there.</summary>
    public string FolderOf(string repository) => Path.Combine(Folder, "models--" + repository.Replace("/", "--", StringComparison.Ordinal));

    /// <summary>The snapshot that a revision means, or null where the cache has none.</summary>
    /// <param name="repository">Such as <c>facebook/opt-125m</c>.</param>
    /// <param name="revision">Branch, tag or commit; null: main.</param>
    public string? FindSnapshot(string repository, string? revision)
    {
        revision ??= DefaultRevision;
        if (!IsRepository(repository) || !RevisionPattern().IsMatch(revision) || revision.Contains("..", StringComparison.Ordinal))
            return null;
        var reference = Path.Combine(FolderOf(repository), "refs", revision);
        var commit = File.Exists(reference) ? File.ReadAllText(reference).Trim() : revision;
        if (!RevisionPattern().IsMatch(commit) || commit.Contains("..", StringComparison.Ordinal)) return null;
        var snapshot = Path.Combine(FolderOf(repository), "snapshots", commit);
        return Directory.Exists(snapshot) ? snapshot : null;
    }

    private static string FindFolder(Func<string, string?> variable)
    {
        if (Given("HF_HUB_CACHE") is { } cache) return cache;
        if (Given("HF_HOME") is { } home) return Path.Combine(home, "hub");
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(Given("XDG_CACHE_HOME") ?? Path.Combine(user, ".cache"), "huggingface", "hub");

        string? Given(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }

    [GeneratedRegex(@"^[\w-][\w.-]*(/[\w-][\w.-]*)?\z")]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"^[\w-][\w.-]*(/[\w-][\w.-]*)*\z")]
    private static partial Regex RevisionPattern();
}
