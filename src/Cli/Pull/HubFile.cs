namespace Grid.Cli.Pull;

/// <summary>What the hub says of a file before its content.</summary>
/// <param name="Name">Path within the repository, with slashes.</param>
/// <param name="ETag">SHA-256 of a large file, git's SHA-1 of a small one: the blob's name.</param>
/// <param name="Size">Bytes; null where the hub does not say.</param>
internal sealed record HubFile(string Name, string ETag, long? Size);
