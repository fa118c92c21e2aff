using System.Diagnostics;
using System.Runtime.InteropServices;
using Grid.Engine.Configuration;
using Grid.Engine.Geometry;
using Grid.Engine.Parallelism.Experts;
using Grid.Engine.Parallelism.Links;
using Grid.Engine.Parallelism.Remote;
using Grid.Engine.Parallelism.Shards;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Processes;

/// <summary>
/// Runs shards as processes of this host (<c>process</c>, vLLM's <c>mp</c>), linked by Unix sockets in a folder of their own.
/// </summary>
internal sealed class ProcessBackend(
    EngineOptions options, IReadOnlyList<Slice> layers, ExpertClient? experts, ILogger logger) : IShardBackend
{
    private readonly SocketFolder _folder = new();

    public IReadOnlyList<string> Names { get; } = ShardNames.All(options);

    public IShardWorker[] Start(Action<Exception> failed)
    {
        var processes = new List<Process>();
        try
        {
            using var driver = new UnixTransport(_folder.Driver);
            for (var shard = 0; shard < Names.Count; shard++)
            {
                processes.Add(ShardLauncher.Start("--folder", _folder.Path, "--shard", $"{shard}"));
                logger.ShardStarted(Names[shard], processes[shard].Id);
            }

            var links = AcceptAll(driver, Names.Count);
            string[] endpoints = [.. Names.Select((_, shard) => _folder.Of(shard))];
            return [.. ShardAssignment.OfAll(options, layers, Names, endpoints)
                .Select(assignment => Worker(assignment, processes[assignment.Shard], links[assignment.Shard], failed))];
        }
        catch (Exception exception)
        {
            foreach (var process in processes) ShardLauncher.End(process);
            Dispose();
            throw exception is IOException
                ? new ModelLoadException(
                    $"The shards' processes could not be started: {exception.Message}", ModelLoadFault.Broken, exception)
                : exception;
        }
    }

    public void Dispose() => _folder.Dispose();

    private RemoteShardWorker Worker(ShardAssignment assignment, Process process, FrameLink link, Action<Exception> failed) => new(
        $"{Names[assignment.Shard]} (process {process.Id})",
        link,
        assignment,
        experts,
        failed,
        () => ShardLauncher.WaitForExit(process));

    private static FrameLink[] AcceptAll(UnixTransport driver, int count)
    {
        var links = new FrameLink[count];
        for (var i = 0; i < count; i++)
        {
            var link = ShardLauncher.Accept(driver, "a shard");
            links[MemoryMarshal.Read<int>(link.ReadBody(link.Receive()))] = link;
        }

        return links;
    }
}
