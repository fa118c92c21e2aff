using System.Globalization;
using System.Runtime.InteropServices;
using Grid.Engine.Execution;
using Grid.Engine.Loading;
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
        new ShardServer(control, transport, epoch: 0, (order, placement) => Load(order.Options, placement, logger)).Run();
    }

    private static TorchModelRunner Load(EngineOptions options, ShardPlacement placement, ILogger logger)
    {
        var source = ModelSourceReader.Read(options, logger);
        using var weights = options.LoadFormat == "dummy" ? null : source.OpenWeights?.Invoke();
        return ModelRunnerFactory.CreateShard(source.Config!, weights, options, placement, progress: null, logger);
    }
}
