namespace Grid.Cli.Pull;

/// <summary>
/// One repository in the hub's cache: <c>blobs</c> by checksum, <c>snapshots</c> of links to them, <c>refs</c> from names to commits.
/// </summary>
internal sealed class HubCache(string cacheFolder, string repository)
{
    private readonly string _root = Path.Combine(cacheFolder, "models--" + repository.Replace("/", "--", StringComparison.Ordinal));

    public string SnapshotOf(string commit) => Path.Combine(_root, "snapshots", commit);

    public string BlobOf(HubFile file) => Path.Combine(_root, "blobs", file.ETag);

    /// <summary>Where the bytes go until they are complete and checked.</summary>
    public string IncompleteOf(HubFile file) => BlobOf(file) + ".incomplete";

    /// <summary>The snapshot that a revision means, or null where the cache has none.</summary>
    public string? Find(string revision)
    {
        var reference = Path.Combine(_root, "refs", revision);
        var snapshot = SnapshotOf(File.Exists(reference) ? File.ReadAllText(reference).Trim() : revision);
        return Directory.Exists(snapshot) ? snapshot : null;
    }

    public void Prepare() => Directory.CreateDirectory(Path.Combine(_root, "blobs"));

    /// <summary>Puts a complete blob into a snapshot, as a link with a relative target.</summary>
    public void Link(string commit, HubFile file)
    {
        var link = Path.Combine(SnapshotOf(commit), file.Name);
        var folder = Path.GetDirectoryName(link)!;
        Directory.CreateDirectory(folder);
        File.Delete(link);
        File.CreateSymbolicLink(link, Path.GetRelativePath(folder, BlobOf(file)));
    }

    /// <summary>Makes a revision mean a commit; done last, so that a reader finds complete snapshots only.</summary>
    public void Point(string revision, string commit)
    {
        if (revision == commit) return;
        var reference = Path.Combine(_root, "refs", revision);
        Directory.CreateDirectory(Path.GetDirectoryName(reference)!);
        File.WriteAllText(reference, commit);
    }
}
