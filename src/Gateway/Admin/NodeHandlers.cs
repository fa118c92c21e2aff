using System.Text.Json;
using Grid.Abstractions.Admin;
using Grid.Abstractions.Http;

namespace Grid.Gateway.Admin;

/// <summary>Nodes: list, cordon, drain.</summary>
internal static class NodeHandlers
{
    public static async Task ListAsync(AdminCall call) =>
        await call.WriteAsync(AdminJson.List("Node", (await call.Grid.GetNodes()).OrderBy(node => node.Name, StringComparer.Ordinal)));

    public static async Task GetAsync(AdminCall call) => await call.WriteAsync(AdminJson.Document("Node", await FindAsync(call)));

    public static async Task CordonAsync(AdminCall call, bool cordoned) =>
        await call.WriteAsync(
        AdminJson.Document("Node", AdminCall.Unwrap(await call.Grid.Cordon(call.Route("node"), cordoned, call.Actor))));

    public static async Task DrainAsync(AdminCall call)
    {
        var text = await call.ReadAsync();
        var body = text.Length == 0
            ? new Body(null, null, null)
            : JsonSerializer.Deserialize<Body>(text, AdminJson.Form) ?? new Body(null, null, null);
        if (body.TimeoutSeconds is < 0) throw AdminException.Invalid($"timeoutSeconds must be at least 0; got {body.TimeoutSeconds}.");
        var request = new DrainRequest(body.TimeoutSeconds is { } seconds ? (int)Math.Min(Math.Ceiling(seconds), int.MaxValue) : null,
            body.Force ?? false, body.DryRun ?? call.Switch("dryRun"));
        if (request.DryRun)
            await call.WriteAsync(
                AdminJson.Document("DrainPreview", AdminCall.Unwrap(await call.Grid.PreviewDrain(call.Route("node"), request))));
        else await call.WriteAsync(
            AdminJson.Document("Operation", AdminCall.Unwrap(await call.Grid.Drain(call.Route("node"), request, call.Actor))),
            StatusCodes.Status202Accepted);
    }

    private static async Task<NodeView> FindAsync(AdminCall call)
    {
        var name = call.Route("node");
        return (await call.Grid.GetNodes()).FirstOrDefault(node => node.Name == name)
            ?? throw AdminException.NotFound($"There is no node '{name}'.");
    }

    private sealed record Body(double? TimeoutSeconds, bool? Force, bool? DryRun);
}
