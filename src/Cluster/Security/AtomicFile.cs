namespace Grid.Cluster.Security;

/// <summary>Files that readers see whole or not at all.</summary>
public static class AtomicFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a file that everybody may read.</summary>
    public static void Write(string path, string text) => Write(path, text, Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    /// <summary>Writes a file that its owner alone may read (0600).</summary>
    public static void WriteSecret(string path, string text) => Write(path, text, Owner);

    private static void Write(string path, string text, UnixFileMode mode)
    {
        var draft = path + ".tmp";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = mode;
        using (var file = new FileStream(draft, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
