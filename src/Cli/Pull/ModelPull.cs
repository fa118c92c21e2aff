using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Primitives.Units;

namespace Grid.Cli.Pull;

/// <summary>Brings a model of the hub into the cache.</summary>
internal sealed class ModelPull(HttpClient http, HubSettings settings, TimeProvider time, TextWriter log)
{
    /// <summary>Downloads what is missing and returns the snapshot's folder.</summary>
    /// <exception cref="CommandException">The hub cannot be reached (3), refuses (4), has no such model (5), or a file is wrong
    /// (1).</exception>
    public async Task<string> RunAsync(string repository, string revision, IReadOnlyList<string> include, CancellationToken cancellation)
    {
        var cache = new HubCache(settings.CacheFolder, repository);
        if (settings.Offline)
            return cache.Find(revision) ?? throw new CommandException(
                $"{repository} at revision {revision} is not in {settings.CacheFolder}, and HF_HUB_OFFLINE forbids asking the hub.",
                ExitCodes.NotFound);
        try
        {
            return await DownloadAsync(cache, repository, revision, include, cancellation);
        }
        catch (HttpRequestException fault)
        {
            throw new CommandException($"The hub at {settings.Endpoint} cannot be reached (HF_ENDPOINT): {fault.Message}",
                ExitCodes.Unreachable, fault);
        }
    }

    private async Task<string> DownloadAsync(HubCache cache, string repository, string revision, IReadOnlyList<string> include,
        CancellationToken cancellation)
    {
        var hub = new HubClient(http, settings.Endpoint, settings.Token);
        var (commit, names) = await hub.GetRevisionAsync(repository, revision, cancellation);
        var chosen = HubFileSelection.Choose(names, include);
        cache.Prepare();
        var download = new BlobDownload(hub, cache, time);
        for (var index = 0; index < chosen.Count; index++)
        {
            var file = await hub.GetFileAsync(repository, commit, chosen[index], cancellation);
            using var progress = new DownloadProgress(log, $"[{index + 1}/{chosen.Count}] {file.Name}", file.Size, time);
            await download.RunAsync(repository, commit, file, progress, cancellation);
            cache.Link(commit, file);
        }

        cache.Point(revision, commit);
        log.WriteLine(
            $"grid: {repository} at {commit}: {Plural.Count(chosen.Count, "file")}, {ByteSize.Format(SizeOf(cache.SnapshotOf(commit)))}");
        return cache.SnapshotOf(commit);
    }

    private static long SizeOf(string snapshot) => Directory
        .EnumerateFiles(snapshot, "*", SearchOption.AllDirectories)
        .Sum(path => new FileInfo(new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path).Length);
}
