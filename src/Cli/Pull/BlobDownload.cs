using System.Net;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Primitives.Timing;

namespace Grid.Cli.Pull;

/// <summary>
/// Brings one file into the cache: continues where an earlier download stopped, and keeps only bytes whose checksum is right.
/// </summary>
internal sealed class BlobDownload(HubClient hub, HubCache cache, TimeProvider time)
{
    private const int MaxFailuresInARow = 5;
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(30);
    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(4));

    /// <summary>Downloads a file unless the cache has it.</summary>
    /// <param name="repository">The repository on the hub, as ORG/NAME.</param>
    /// <param name="commit">The commit of the snapshot.</param>
    /// <param name="file">The file to download.</param>
    /// <param name="progress">Gets the number of bytes so far.</param>
    /// <param name="cancellation">Stops it; what has arrived stays for the next time.</param>
    public async Task RunAsync(string repository, string commit, HubFile file, IProgress<long> progress, CancellationToken cancellation)
    {
        var path = cache.IncompleteOf(file);
        if (!File.Exists(cache.BlobOf(file)))
        {
            await using (var target = Open(path, file)) await FillAsync(repository, commit, file, target, progress, cancellation);
            await CheckAsync(path, file, cancellation);
            File.Move(path, cache.BlobOf(file), overwrite: true);
        }

        progress.Report(new FileInfo(cache.BlobOf(file)).Length);
    }

    private static FileStream Open(string path, HubFile file)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new CommandException($"{file.Name} cannot be written to {path}; another process may be downloading it: {fault.Message}",
                ExitCodes.Failed, fault);
        }
    }

    private static async Task CheckAsync(string path, HubFile file, CancellationToken cancellation)
    {
        var computed = await BlobChecksum.ComputeAsync(path, file.ETag, cancellation);
        if (computed is null || string.Equals(computed, file.ETag, StringComparison.OrdinalIgnoreCase)) return;
        File.Delete(path);
        throw new CommandException($"The checksum of {file.Name} must be {file.ETag}; got {computed}. The file was discarded.",
            ExitCodes.Failed);
    }

    private async Task FillAsync(string repository, string commit, HubFile file, FileStream target, IProgress<long> progress,
        CancellationToken cancellation)
    {
        target.Seek(0, SeekOrigin.End);
        if (target.Position > file.Size) target.SetLength(0);
        for (var failures = 0; file.Size is null || target.Position < file.Size;)
        {
            var before = target.Position;
            try
            {
                await AppendAsync(repository, commit, file, target, progress, cancellation);
                if (file.Size is null) return;
                if (target.Position > file.Size)
                    throw new CommandException($"{file.Name} must have {file.Size} bytes; got at least {target.Position}.",
                        ExitCodes.Failed);
                if (target.Position < file.Size) throw new IOException($"the connection ended at byte {target.Position} of {file.Size}");
            }
            catch (Exception fault)
                when (fault is HttpRequestException or IOException or TimeoutException && !cancellation.IsCancellationRequested)
            {
                failures = target.Position > before ? 1 : failures + 1;
                if (failures > MaxFailuresInARow)
                    throw new CommandException(
                        $"{file.Name} could not be downloaded: {fault.Message}. The next 'grid pull' continues at byte {target.Position}.",
                        ExitCodes.Failed, fault);
                await Task.Delay(Pauses.After(failures), time, cancellation);
            }
        }
    }

    private async Task AppendAsync(string repository, string commit, HubFile file, FileStream target, IProgress<long> progress,
        CancellationToken cancellation)
    {
        using var stall = new CancellationTokenSource(StallLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellation);
        try
        {
            using var response = await hub.OpenAsync(repository, commit, file.Name, target.Position, either.Token);
            if (!ContinuesAt(response, target.Position)) target.SetLength(0);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                throw new IOException("the server refuses the range; starting over");
            await using var source = await response.Content.ReadAsStreamAsync(either.Token);
            var buffer = new byte[1 << 17];
            while (await source.ReadAsync(buffer, either.Token) is var read and > 0)
            {
                stall.CancelAfter(StallLimit);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
                progress.Report(target.Position);
            }
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing arrived for {StallLimit.TotalSeconds:0} s", fault);
        }
    }

    private static bool ContinuesAt(HttpResponseMessage response, long offset) =>
        response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == offset;
}
