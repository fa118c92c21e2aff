using System.Text.Json;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Grains;
using Grid.Abstractions.Http;
using Grid.Abstractions.Nodes;

namespace Grid.Gateway.Admin;

/// <summary>What <c>grid doctor</c> asks each node: its links and its model files.</summary>
internal static class ProbeHandlers
{
    /// <summary>
    /// POST nodes/N/probe {"peer":"b"}; without a peer: between the node's own devices. A node that does not answer is a failed probe.
    /// </summary>
    public static async Task ProbeAsync(AdminCall call)
    {
        var text = await call.ReadAsync();
        var peer = text.Length == 0 ? null : JsonSerializer.Deserialize<Body>(text, AdminJson.Form)?.Peer;
        var nodes = await call.Grid.GetNodes();
        var from = Find(nodes, call.Route("node"));
        var to = peer is null ? from : Find(nodes, peer);
        await call.WriteAsync(AdminJson.Document("Probe", ProbeView.Of(from.Name, to.Name, await MeasureAsync(call, from, to))));
    }

    /// <summary>GET nodes/N/files: what the node found at the sources of the grid's models.</summary>
    public static async Task FilesAsync(AdminCall call)
    {
        var node = Find(await call.Grid.GetNodes(), call.Route("node"));
        await call.WriteAsync(
            AdminJson.List("ModelFiles", (await ReportAsync(call, node)).Files.OrderBy(files => files.Source, StringComparer.Ordinal)));
    }

    private static async Task<NodeReport> ReportAsync(AdminCall call, NodeView node)
    {
        try
        {
            return await GrainOf(call, node).GetReport();
        }
        catch (Exception fault) when (AdminGuard.IsUnreachable(fault))
        {
            throw AdminException.Unreachable(Silence(node));
        }
    }

    private static async Task<LinkSpeed> MeasureAsync(AdminCall call, NodeView from, NodeView to)
    {
        try
        {
            return await GrainOf(call, from).Probe(from.Name == to.Name ? null : to.DataPlane ?? "");
        }
        catch (Exception fault) when (AdminGuard.IsUnreachable(fault))
        {
            return LinkSpeed.Failed(Silence(from));
        }
    }

    // Orleans' own text is about messages, which does not help here.
    private static string Silence(NodeView node) => $"Node {node.Name} does not answer.";

    private static NodeView Find(NodeView[] nodes, string name) =>
        nodes.FirstOrDefault(node => node.Name == name) ?? throw AdminException.NotFound($"There is no node '{name}'.");

    private static INodeGrain GrainOf(AdminCall call, NodeView node) =>
        call.Options.Node(node.Name) ?? throw AdminException.Unreachable("The cluster is unreachable.");

    private sealed record Body(string? Peer);
}
