using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>What <c>grid shard</c> runs: one shard for a driver on this host.</summary>
public static class ShardProcess
{
    /// <summary>Serves until the driver is gone.</summary>
    /// <param name="folder">Where the driver's socket is.</param>
    /// <param name="shard">Number of the shard, tensor fastest.</param>
    /// <param name="logger">Told of choices that were made.</param>
    public static void Run(string folder, int shard, ILogger logger)
    {
        using var transport = new UnixTransport(Path.Combine(folder, shard.ToString(CultureInfo.InvariantCulture)));
        using var control = new FrameLink(UnixTransport.ConnectTo(Path.Combine(folder, "driver"), Timeout.InfiniteTimeSpan), epoch: 0, "the driver");
        control.Send(FrameKind.Hello, MemoryMarshal.AsBytes<int>([shard]));
        ShardSession.Serve(control, transport, epoch: 0, options => options, loaded: null, logger);
    }
}
