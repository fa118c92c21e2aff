using System.Globalization;
using System.Net;
using Grid.Abstractions;
using Grid.Abstractions.Nodes;
using Grid.Cli.CommandLine;
using Grid.Cli.DataFolders;
using Grid.Cli.Loading;
using Grid.Cli.Logging;
using Grid.Cli.Options;
using Grid.Engine;
using Grid.Silo.Hosting;
using Microsoft.Extensions.Logging;

namespace Grid.Cli.Serve;

/// <summary>A node of one process: listens, loads, tells that it is ready, and ends in order when a signal asks for it.</summary>
/// <param name="server">How it listens and where it keeps its files.</param>
/// <param name="engine">What it loads.</param>
/// <param name="output">Gets the ready line and nothing else.</param>
/// <param name="error">Gets the loading bar.</param>
internal sealed class ServeProcess(ServerOptions server, EngineOptions engine, TextWriter output, TextWriter error)
{
    private static readonly string[] Roles = ["silo"];

    /// <summary>Serves until a signal.</summary>
    /// <returns>130 after SIGINT; after SIGTERM 0, or 1 where streams were cut.</returns>
    public async Task<int> RunAsync(Interruption interruption)
    {
        using var folder = DataFolder.Open(server.DataFolder);
        using var logs = LoggerFactory.Create(builder => builder.AddStderr(server.JsonLogs));
        var logger = logs.CreateLogger("grid");
        await using var admin = await NotSupportedServer.StartAsync(server.Address, server.Ports.Admin, "The admin API", server.JsonLogs);
        await using var join = await NotSupportedServer.StartAsync(server.Address, server.Ports.Join, "Joining a node", server.JsonLogs);
        await using var silo = await ListenAsync();
        var http = Url(silo.EndPoint);
        logger.LogInformation("Listening on {Url}; /readyz is 200 when {Model} is loaded", http, server.ServedModelNames[0]);
        try
        {
            await using var model = await ModelLoading.LoadAsync(engine, server.ServedModelNames[0], error, logger, interruption.Token);
            silo.Serve(model);
            folder.Publish(new NodeEndpoints(server.Name, Environment.ProcessId, Roles, http, Url(admin.EndPoint), http, Advertised(join.EndPoint).ToString()));
            output.WriteLine($"grid: ready name={server.Name} roles={string.Join(',', Roles)} http={http} admin={Url(admin.EndPoint)}");
            await output.FlushAsync();

            await interruption.Requested;
            logger.LogInformation("Stopping: running requests may take {Seconds}s to end (--shutdown-timeout)", server.ShutdownTimeout.TotalSeconds);
            var cut = await silo.StopAsync(server.ShutdownTimeout);
            if (cut > 0) logger.LogWarning("{Cut} running requests were cut", cut);
            return cut > 0 && interruption.ExitCode == ExitCodes.Done ? ExitCodes.Failed : interruption.ExitCode;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return interruption.ExitCode;
        }
    }

    private Task<SiloServer> ListenAsync()
    {
        var options = new SiloOptions
        {
            Name = server.Name,
            ModelNames = server.ServedModelNames,
            Address = server.Address,
            Port = server.HttpPort,
            ApiKeys = server.ApiKeys,
        };
        return ListenFault.GuardAsync(() => SiloServer.StartAsync(options, builder => builder.AddStderr(server.JsonLogs)), server.Address, server.HttpPort, "--port");
    }

    private static string Url(IPEndPoint endPoint) => string.Create(CultureInfo.InvariantCulture, $"http://{Advertised(endPoint)}");

    /// <summary>Who listens everywhere is reached on loopback.</summary>
    private static IPEndPoint Advertised(IPEndPoint endPoint) =>
        endPoint.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, endPoint.Port)
        : endPoint.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, endPoint.Port)
        : endPoint;
}
