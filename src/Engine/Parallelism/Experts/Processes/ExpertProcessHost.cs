using System.Text;
using System.Text.Json;
using Grid.Engine.Parallelism.DataPlane;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Parallelism.Experts.Processes;

/// <summary>What an expert shard's process runs: it loads what it is ordered, and serves whoever connects until the one who started it is gone.</summary>
internal static class ExpertProcessHost
{
    /// <param name="folder">Where the socket of who started it is.</param>
    /// <param name="logger">Told of choices.</param>
    public static void Run(string folder, ILogger logger)
    {
        using (var control = new FrameLink(UnixTransport.ConnectTo(ShardFolder.DriverOf(folder), Timeout.InfiniteTimeSpan), epoch: 0, "who started it"))
        {
            var order = JsonSerializer.Deserialize<ExpertOrder>(control.ReadBody(control.Receive()))!;
            try
            {
                using var host = ExpertShardHost.Load(order.Options, order.Number, logger);
                using var transport = new UnixTransport(order.Endpoint);
                new Thread(() => AcceptAll(transport, host)) { Name = "expert links", IsBackground = true }.Start();
                control.Send(FrameKind.Loaded, []);
                control.Receive();
            }
            catch (ModelLoadException exception)
            {
                control.Send(FrameKind.Failed, Encoding.UTF8.GetBytes(exception.Message));
            }
            catch (IOException)
            {
                // Nobody needs it any more.
            }
        }

        ShardFolder.Leave(folder);
    }

    private static void AcceptAll(UnixTransport transport, ExpertShardHost host)
    {
        try
        {
            while (true) host.Serve(transport.Accept(Timeout.InfiniteTimeSpan), epoch: 0);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            // The process is about to end.
        }
    }
}
