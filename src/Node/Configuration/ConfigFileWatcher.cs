using Grid.Configuration.Reading;

namespace Grid.Node.Configuration;

/// <summary>
/// Watches grid.yaml by reading it: writes and renames alike are seen, on every kind of file system. A change counts when the file has
/// stood still for one look, so that a half-written file is not taken for a faulty one.
/// </summary>
/// <param name="known">The content that has been handled; null for none, so that the first look counts.</param>
/// <param name="changed">Gets each new content, valid or not; if it throws, it is called again at the next look.</param>
/// <param name="logger">The log of reads that fail.</param>
internal sealed class ConfigFileWatcher(string path, string? known, Func<ParsedConfig, CancellationToken, Task> changed, TimeProvider time,
    ILogger logger)
{
    /// <summary>Time between two looks. A change is seen within two of them.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private string? _known = known;
    private string? _last = known;
    private string? _trouble;

    /// <summary>Watches until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation)) await LookAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The watch is over.
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        if (await ReadAsync(cancellation) is not { } text) return;
        var settled = text == _last;
        _last = text;
        if (!settled || text == _known) return;
        var full = Path.GetFullPath(path);
        try
        {
            await changed(GridConfigParser.Parse(text, Path.GetFileName(full), Path.GetDirectoryName(full)!), cancellation);
            _known = text;
            _trouble = null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Report($"{path} has changed but could not be applied ({fault.Message}); trying again");
        }
    }

    private async Task<string?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellation);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Report($"{path} cannot be read ({fault.Message}); the configuration in force stays");
            return null;
        }
    }

    private void Report(string trouble)
    {
        if (trouble == _trouble) return;
        _trouble = trouble;
        logger.ConfigTrouble(trouble);
    }
}
