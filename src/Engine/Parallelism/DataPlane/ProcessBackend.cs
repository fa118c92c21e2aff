using System.Diagnostics;
using System.Runtime.InteropServices;
using Grid.Engine.Layers;
using Grid.Engine.Parallelism.Experts;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>Shards as processes of this host (<c>process</c>, vLLM's <c>mp</c>), linked by Unix sockets in a folder of their own.</summary>
internal sealed class ProcessBackend(EngineOptions options, IReadOnlyList<Slice> layers, ExpertClient? experts, ILogger logger) : IShardBackend
{
    private readonly ShardFolder _folder = new();

    public IReadOnlyList<string> Names { get; } = ShardNames.All(options);

    public IShardWorker[] Start(Action<Exception> failed)
    {
        var processes = new List<Process>();
        try
        {
            using var driver = new UnixTransport(_folder.Driver);
            for (var shard = 0; shard < Names.Count; shard++)
            {
                processes.Add(ShardCommand.Start("--folder", _folder.Path, "--shard", $"{shard}"));
                logger.LogInformation("Shard {Shard} is process {Pid}", shard, processes[shard].Id);
            }

            var links = AcceptAll(driver, Names.Count);
            string[] endpoints = [.. Names.Select((_, shard) => _folder.Of(shard))];
            return [.. ShardOrder.OfAll(options, layers, Names, endpoints)
                .Select(order => new ProcessShardWorker(Names[order.Shard], processes[order.Shard], links[order.Shard], order, experts, failed))];
        }
        catch (Exception exception)
        {
            foreach (var process in processes) ShardCommand.End(process);
            Dispose();
            throw exception is IOException ? new ModelLoadException($"The shards' processes could not be started: {exception.Message}", ModelLoadFault.Broken, exception) : exception;
        }
    }

    public void Dispose() => _folder.Dispose();

    private static FrameLink[] AcceptAll(UnixTransport driver, int count)
    {
        var links = new FrameLink[count];
        for (var i = 0; i < count; i++)
        {
            var link = ShardCommand.Accept(driver, "a shard");
            links[MemoryMarshal.Read<int>(link.ReadBody(link.Receive()))] = link;
        }

        return links;
    }
}
