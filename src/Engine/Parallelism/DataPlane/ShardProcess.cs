using System.Runtime.InteropServices;
using Grid.Engine.Parallelism.Experts.Processes;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>What <c>grid shard</c> runs: one shard for a driver on this host.</summary>
public static class ShardProcess
{
    /// <summary>Serves experts to all ranks of a replica until who started it is gone.</summary>
    /// <param name="folder">Where the socket of who started it is.</param>
    /// <param name="logger">Told of choices that were made.</param>
    public static void RunExpert(string folder, ILogger logger) => ExpertProcessHost.Run(folder, logger);

    /// <summary>Serves until the driver is gone.</summary>
    /// <param name="folder">Where the driver's socket is.</param>
    /// <param name="shard">Number of the shard, tensor fastest.</param>
    /// <param name="logger">Told of choices that were made.</param>
    public static void Run(string folder, int shard, ILogger logger)
    {
        using (var transport = new UnixTransport(ShardFolder.SocketOf(folder, shard)))
        using (var control = new FrameLink(UnixTransport.ConnectTo(ShardFolder.DriverOf(folder), Timeout.InfiniteTimeSpan), epoch: 0, "the driver"))
        {
            control.Send(FrameKind.Hello, MemoryMarshal.AsBytes<int>([shard]));
            ShardSession.Serve(control, transport, epoch: 0, options => options, loaded: null, logger);
        }

        ShardFolder.Leave(folder);
    }
}
