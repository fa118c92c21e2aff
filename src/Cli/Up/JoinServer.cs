using System.Net;
using Grid.Abstractions.Nodes;
using Grid.Abstractions.Grains;
using Grid.Cli.Logging;
using Grid.Cli.Serve;
using Grid.Cluster.Hosting;
using Grid.Cluster.Http;
using Grid.Cluster.Joining;
using Grid.Cluster.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Grid.Cli.Up;

/// <summary>The head's join port.</summary>
internal sealed class JoinServer : IAsyncDisposable
{
    private static readonly TimeSpan LookUpTime = TimeSpan.FromSeconds(3);

    private readonly WebApplication _app;

    private JoinServer(WebApplication app, IPAddress address)
    {
        _app = app;
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        EndPoint = new IPEndPoint(address, new Uri(bound).Port);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Listens.</summary>
    public static Task<JoinServer> StartAsync(NodeOptions options, HeadSecurity head, Func<GridTerms> terms, IGridConnection connection)
    {
        var admission = new JoinAdmission(head.Authority, head.Tokens, terms, name => FindAsync(connection, name), TimeProvider.System);
        var (address, port) = (options.Server.Address, options.Server.Ports.Join);
        return ListenFault.GuardAsync(() => ListenAsync(address, port, head.Tls, admission, options.Server.JsonLogs), address, port, "--port-base");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<JoinServer> ListenAsync(IPAddress address, int port, NodeTls tls, JoinAdmission admission, bool jsonLogs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddStderr(jsonLogs);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(address, port, listen => listen.UseJoinTls(tls)));
        var app = builder.Build();
        app.UseRouting();
        app.MapJoin(admission);
        try
        {
            await app.StartAsync();
            return new JoinServer(app, address);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of a live node.</summary>
    private static async ValueTask<string?> FindAsync(IGridConnection connection, string name)
    {
        if (connection.Client is not { } client) return null;
        var nodes = await client.GetGrain<IGridGrain>(GrainKeys.Grid).GetNodes().WaitAsync(LookUpTime);
        return nodes.FirstOrDefault(node => node.Name == name && node.State is not (NodeState.Dead or NodeState.Left))?.Address;
    }
}
