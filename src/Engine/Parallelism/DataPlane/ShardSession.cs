using Grid.Engine.Execution;
using Grid.Engine.Loading;
using Grid.Engine.Parallelism.Experts.Links;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>One shard for a driver elsewhere.</summary>
public static class ShardSession
{
    /// <summary>Loads the shard that the driver orders and computes its steps, on the calling thread, until the driver is gone or the stream is closed.</summary>
    /// <param name="control">To the driver.</param>
    /// <param name="transport">To the other shards.</param>
    /// <param name="epoch">Of the plan.</param>
    /// <param name="local">Turns the driver's options into this node's: its device and threads.</param>
    /// <param name="loaded">Told when the weights are there.</param>
    /// <param name="logger">Told of choices that were made.</param>
    /// <param name="stop">Tells the shard to go: the driver is told so, and the step in progress is given up.</param>
    public static void Run(
        Stream control, IPeerTransport transport, long epoch, Func<EngineOptions, EngineOptions> local, Action? loaded, ILogger logger, CancellationToken stop = default)
    {
        using var link = new FrameLink(control, epoch, "the driver");
        using var stopping = stop.UnsafeRegister(static state => Leave((FrameLink)state!), link);
        Serve(link, transport, epoch, local, loaded, logger);
    }

    internal static void Serve(FrameLink control, IPeerTransport transport, long epoch, Func<EngineOptions, EngineOptions> local, Action? loaded, ILogger logger) =>
        new ShardServer(
            control,
            transport,
            epoch,
            (order, remote) => ExpertLinks.Create(local(order.Options), remote, logger),
            (order, placement) => Load(local(order.Options), placement, logger),
            loaded).Run();

    private static void Leave(FrameLink control)
    {
        try
        {
            control.Send(FrameKind.Going, []);
        }
        catch (IOException)
        {
            // The driver is gone: there is nobody to tell.
        }

        control.Dispose();
    }

    private static TorchModelRunner Load(EngineOptions options, ShardPlacement placement, ILogger logger)
    {
        var source = ModelSourceReader.Read(options, logger);
        using var weights = options.LoadFormat == LoadFormat.Dummy ? null : source.OpenWeights?.Invoke();
        return ModelRunnerFactory.CreateShard(source.Config!, weights, options, placement, progress: null, logger);
    }
}
