using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Grid.Engine.Configuration;
using Grid.Engine.Parallelism.Experts.Remote;
using Grid.Engine.Parallelism.Links;
using Grid.Engine.Parallelism.Processes;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Loading;

/// <summary>What a process of <c>grid shard</c> runs for the process that started it.</summary>
public static class ShardProcess
{
    /// <summary>Serves one shard of a rank until the driver is gone.</summary>
    /// <param name="folder">The folder with the driver's socket.</param>
    /// <param name="shard">The number of the shard, tensor index fastest.</param>
    /// <param name="logger">Logs choices that were made.</param>
    public static void Run(string folder, int shard, ILogger logger)
    {
        using (var transport = new UnixTransport(SocketFolder.SocketOf(folder, shard)))
        using (var control = ConnectToDriver(folder))
        {
            control.Send(FrameKind.Hello, MemoryMarshal.AsBytes<int>([shard]));
            ShardSession.Serve(control, transport, epoch: 0, options => options, loaded: null, logger, TimeProvider.System);
        }

        SocketFolder.DeleteIfEmpty(folder);
    }

    /// <summary>Serves one expert shard to all ranks of a replica until the process that started this one is gone.</summary>
    /// <param name="folder">The folder with the socket of that process.</param>
    /// <param name="logger">Logs choices that were made.</param>
    public static void RunExpert(string folder, ILogger logger)
    {
        using (var control = ConnectToDriver(folder))
        {
            var assignment = JsonSerializer.Deserialize<ExpertAssignment>(control.ReadBody(control.Receive()))!;
            try
            {
                using var host = ExpertShardHost.Load(assignment.Options, assignment.Number, logger);
                using var transport = new UnixTransport(assignment.Endpoint);
                new Thread(() => AcceptAll(transport, host)) { Name = "expert links", IsBackground = true }.Start();
                control.Send(FrameKind.Loaded, []);
                // Nothing more is sent: this returns when the link is closed.
                control.Receive();
            }
            catch (ModelLoadException exception)
            {
                control.Send(FrameKind.Failed, Encoding.UTF8.GetBytes(exception.Message));
            }
            catch (IOException)
            {
                // The shard is not needed any more.
            }
        }

        SocketFolder.DeleteIfEmpty(folder);
    }

    private static FrameLink ConnectToDriver(string folder) =>
        new(UnixTransport.ConnectTo(SocketFolder.DriverOf(folder), Timeout.InfiniteTimeSpan), epoch: 0, "the driver");

    private static void AcceptAll(UnixTransport transport, ExpertShardHost host)
    {
        try
        {
            while (true) host.Serve(transport.Accept(Timeout.InfiniteTimeSpan), epoch: 0);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException)
        {
            // The process is about to end.
        }
    }
}
