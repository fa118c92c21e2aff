using Grid.Engine.Execution;
using Grid.Engine.Layers;
using Grid.Engine.Parallelism.Experts.Remote;
using Grid.Engine.Parallelism.Links;
using Grid.Engine.Parallelism.Remote;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Loading;

/// <summary>Runs one shard for a driver in another process.</summary>
public static class ShardSession
{
    /// <summary>
    /// Loads the shard that the driver assigns and computes its steps, on the calling thread, until the driver is gone or the stream is
    /// closed.
    /// </summary>
    /// <param name="control">The stream to the driver.</param>
    /// <param name="transport">Connects to the other shards.</param>
    /// <param name="epoch">The epoch of the plan.</param>
    /// <param name="local">Turns the driver's options into this node's: its device and threads.</param>
    /// <param name="loaded">Called when the weights are loaded; null: not of interest.</param>
    /// <param name="logger">Logs choices that were made.</param>
    /// <param name="time">The clock that waits follow; null: the system's.</param>
    /// <param name="stop">Asks the shard to stop: it informs the driver and abandons the step in progress.</param>
    public static void Run(
        Stream control,
        IPeerTransport transport,
        long epoch,
        Func<EngineOptions, EngineOptions> local,
        Action? loaded,
        ILogger logger,
        TimeProvider? time = null,
        CancellationToken stop = default)
    {
        using var link = new FrameLink(control, epoch, "the driver");
        using var stopping = stop.UnsafeRegister(static state => Stop((FrameLink)state!), link);
        Serve(link, transport, epoch, local, loaded, logger, time ?? TimeProvider.System);
    }

    internal static void Serve(
        FrameLink control,
        IPeerTransport transport,
        long epoch,
        Func<EngineOptions, EngineOptions> local,
        Action? loaded,
        ILogger logger,
        TimeProvider time) =>
        new ShardServer(
            control,
            transport,
            epoch,
            (assignment, remote) => RemoteExpertGroup.Create(local(assignment.Options), remote, logger, time),
            (assignment, placement) => Load(local(assignment.Options), placement, logger),
            loaded,
            time).Run();

    private static void Stop(FrameLink control)
    {
        try
        {
            control.Send(FrameKind.Stopping, []);
        }
        catch (IOException)
        {
            // The driver is gone.
        }

        control.Dispose();
    }

    private static TorchModelRunner Load(EngineOptions options, ShardPlacement placement, ILogger logger)
    {
        var source = ModelSourceReader.Read(options, logger);
        using var weights = options.LoadFormat == LoadFormat.Dummy ? null : source.OpenWeights?.Invoke();
        return ShardFactory.CreateShard(source.Config!, weights, options, placement, progress: null, logger);
    }
}
