using Grid.Abstractions.Admin;
using Grid.Abstractions.Events;
using Grid.Abstractions.Grains;
using Grid.Configuration.Changes;
using Grid.Configuration.Reading;

namespace Grid.Node.Configuration;

/// <summary>
/// Brings the watched file to the grid: at the start where it differs from what it last said, then at each change. An invalid file changes
/// nothing and becomes the event <c>ConfigInvalid</c>.
/// </summary>
/// <param name="path">The configuration, in the form of grid.yaml.</param>
/// <param name="logger">The log of changes and refusals.</param>
internal sealed class ConfigFeed(string path, IGridGrain grid, TimeProvider time, ILogger logger)
{
    private readonly string _file = Path.GetFileName(Path.GetFullPath(path));

    private string Actor => "file:" + _file;

    /// <summary>Follows the file until cancelled. An unreachable grid is asked again until it answers.</summary>
    /// <param name="fed">Called when the grid has answered to the file for the first time.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(Action? fed, CancellationToken cancellation)
    {
        async Task FeedAndTellAsync(ParsedConfig parsed, CancellationToken token)
        {
            await FeedAsync(parsed, token);
            fed?.Invoke();
        }

        var first = await FirstAsync(cancellation);
        if (first is not null) fed?.Invoke();
        var watcher = new ConfigFileWatcher(path, first, FeedAndTellAsync, time, logger);
        await watcher.RunAsync(cancellation);
    }

    private async Task<string?> FirstAsync(CancellationToken cancellation)
    {
        try
        {
            var parsed = GridConfigParser.ParseFile(path);
            await FeedAsync(parsed, cancellation);
            return parsed.Text;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            logger.ConfigNotInForce(_file, fault.Message);
            return null;
        }
    }

    private async Task FeedAsync(ParsedConfig parsed, CancellationToken cancellation)
    {
        if (parsed.Config is null)
        {
            foreach (var fault in parsed.Faults) logger.ConfigFault(fault.ToString());
            var faults = string.Join("; ", parsed.Faults.Select(fault => fault.ToString()));
            await grid.Record(EventTypes.Warning, EventReasons.ConfigInvalid, "config/" + _file, faults, Actor).WaitAsync(cancellation);
            return;
        }

        // A restart with the same file must not undo what was applied or rolled back since.
        var text = ConfigText.Portable(parsed);
        var versions = await grid.GetConfigVersions().WaitAsync(cancellation);
        if (versions.LastOrDefault(version => version.Actor == Actor)?.Text == text) return;
        var result = await grid.Apply(parsed.Config, text, null, Actor).WaitAsync(cancellation);
        if (result.Fault is { } refusal) await RefuseAsync(refusal, cancellation);
        else logger.ConfigInForce(_file, result.Value!.Version, result.Value.Message);
    }

    private async Task RefuseAsync(AdminFault refusal, CancellationToken cancellation)
    {
        // Away for now: the watcher asks again.
        if (refusal.Status == 503) throw new InvalidOperationException(refusal.Message);
        logger.ConfigRefused(_file, refusal.Message);
        await grid.Record(EventTypes.Warning, EventReasons.ConfigRefused, "config/" + _file, refusal.Message, Actor)
            .WaitAsync(cancellation);
    }
}
