using System.Diagnostics;
using System.Runtime.InteropServices;
using Grid.Engine.Layers;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>Shards as processes of this host (<c>process</c>, vLLM's <c>mp</c>), linked by Unix sockets in a folder of their own.</summary>
internal sealed class ProcessBackend(EngineOptions options, IReadOnlyList<Slice> layers, ILogger logger) : IShardBackend
{
    // A process has to start the runtime before it can answer.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    public IReadOnlyList<string> Names { get; } = ShardNames.All(options);

    public IShardWorker[] Start(Action<Exception> failed)
    {
        var folder = Directory.CreateTempSubdirectory("grid-shards-");
        var processes = new List<Process>();
        try
        {
            var (tensor, stages) = (options.TensorParallelSize, options.PipelineParallelSize);
            using var driver = new UnixTransport(Path.Combine(folder.FullName, "driver"));
            string[] endpoints = [.. Enumerable.Range(0, tensor * stages).Select(shard => Path.Combine(folder.FullName, $"{shard}"))];
            foreach (var shard in Enumerable.Range(0, endpoints.Length)) processes.Add(Launch(folder.FullName, shard));
            var links = AcceptAll(driver, endpoints.Length);
            return [.. from pp in Enumerable.Range(0, stages)
                       from tp in Enumerable.Range(0, tensor)
                       let shard = pp * tensor + tp
                       let order = new ShardOrder { Options = options, Stage = pp, Tensor = tp, LayerBounds = ShardOrder.BoundsOf(layers), Names = [.. Names], Endpoints = endpoints }
                       select new ProcessShardWorker(Names[shard], processes[shard], links[shard], order, hasLogits: pp == stages - 1 && tp == 0, failed)];
        }
        catch (Exception exception)
        {
            foreach (var process in processes) End(process);
            throw exception is IOException ? new ModelLoadException($"The shards' processes could not be started: {exception.Message}", ModelLoadFault.Broken, exception) : exception;
        }
    }

    private Process Launch(string folder, int shard)
    {
        var command = ShardCommand.Find();
        var start = new ProcessStartInfo(command.Program, [.. command.Arguments, "shard", "--folder", folder, "--shard", $"{shard}"])
        {
            RedirectStandardInput = true,
        };
        var process = Process.Start(start) ?? throw new IOException($"{command.Program} did not start.");
        logger.LogInformation("Shard {Shard} is process {Pid}", shard, process.Id);
        return process;
    }

    private static FrameLink[] AcceptAll(UnixTransport driver, int count)
    {
        var links = new FrameLink[count];
        for (var i = 0; i < count; i++)
        {
            var stream = driver.Accept(StartTimeout);
            // Only a start has a deadline here: the driver waits for steps as long as they take, and shards for each other no longer than they may.
            stream.ReadTimeout = Timeout.Infinite;
            var link = new FrameLink(stream, epoch: 0, "a shard");
            links[MemoryMarshal.Read<int>(link.ReadBody(link.Receive()))] = link;
        }

        return links;
    }

    private static void End(Process process)
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
