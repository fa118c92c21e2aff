namespace Grid.Engine.Loading;

/// <summary>The Hugging Face hub's cache on this machine: <c>models--OWNER--NAME/{refs,snapshots}</c>.</summary>
internal sealed class HubCache(string root)
{
    private const string DefaultRevision = "main";

    /// <summary>The cache that <c>HF_HUB_CACHE</c>, <c>HF_HOME</c> or the user's home names, in this order.</summary>
    public static HubCache Default { get; } = new(FindRoot());

    /// <summary>The folder of the cache.</summary>
    public string Root { get; } = root;

    /// <summary>The snapshot of a model, or null where it is not in the cache.</summary>
    /// <param name="id"><c>owner/name</c>.</param>
    /// <param name="revision">Branch, tag or commit; null: main.</param>
    public string? Find(string id, string? revision)
    {
        var folder = Path.Combine(Root, "models--" + id.Replace("/", "--", StringComparison.Ordinal));
        var name = revision ?? DefaultRevision;
        var reference = Path.Combine(folder, "refs", name);
        var commit = File.Exists(reference) ? File.ReadAllText(reference).Trim() : name;
        var snapshot = Path.Combine(folder, "snapshots", commit);
        return Directory.Exists(snapshot) ? snapshot : null;
    }

    private static string FindRoot()
    {
        if (Environment.GetEnvironmentVariable("HF_HUB_CACHE") is { Length: > 0 } hub) return hub;
        if (Environment.GetEnvironmentVariable("HF_HOME") is { Length: > 0 } home) return Path.Combine(home, "hub");
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "huggingface", "hub");
    }
}
