using Grid.Abstractions.Grains;
using Grid.Abstractions.Nodes;
using Grid.Cluster.Hosting;
using Grid.Cluster.Joining;
using Grid.Cluster.Security;
using Grid.Hosting.Http;
using Grid.Hosting.Logging;
using Grid.Node.Foundation;
using Grid.Node.Options;
using Microsoft.AspNetCore.Builder;

namespace Grid.Node.Roles;

/// <summary>The head's join port.</summary>
internal static class JoinServer
{
    private static readonly TimeSpan LookUpTime = TimeSpan.FromSeconds(3);

    /// <summary>Listens.</summary>
    public static Task<KestrelEndpoint> StartAsync(NodeOptions options, HeadSecurity head, Func<GridTerms> terms,
        IGridConnection connection)
    {
        var admission = new JoinAdmission(head.Authority, head.Tokens, terms, name => FindAsync(connection, name), TimeProvider.System);
        var (address, port) = (options.Server.Address, options.Server.Ports.Join);
        return ListenFault.GuardAsync(
            () => KestrelEndpoint.StartAsync(address, port, builder => builder.AddStderr(options.Server.JsonLogs),
            listen => listen.UseJoinTls(head.Tls), app =>
            {
                app.UseRouting();
                app.MapJoin(admission);
            }),
            address,
            port,
            "--port-base");
    }

    /// <summary>The address of a live node.</summary>
    private static async ValueTask<string?> FindAsync(IGridConnection connection, string name)
    {
        if (connection.Client is not { } client) return null;
        var nodes = await client.GetGrain<IGridGrain>(GrainKeys.Grid).GetNodes().WaitAsync(LookUpTime);
        return nodes.FirstOrDefault(node => node.Name == name && node.State is not (NodeState.Dead or NodeState.Left))?.Address;
    }
}
