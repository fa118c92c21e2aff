
namespace Grid.Gateway.Admin;

/// <summary>The routes of the admin API.</summary>
internal static class AdminEndpoints
{
    /// <summary>Maps <c>/admin/v1</c>, which belongs on a separate port, never beside the OpenAI API.</summary>
    public static void MapAdmin(this IEndpointRouteBuilder routes, AdminOptions options)
    {
        var guard = new AdminGuard(options, routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("Grid.Admin"));
        Map("GET", "nodes", NodeHandlers.ListAsync);
        Map("GET", "nodes/{node}", NodeHandlers.GetAsync);
        Map("POST", "nodes/{node}/cordon", call => NodeHandlers.CordonAsync(call, cordoned: true));
        Map("POST", "nodes/{node}/uncordon", call => NodeHandlers.CordonAsync(call, cordoned: false));
        Map("POST", "nodes/{node}/drain", NodeHandlers.DrainAsync);
        Map("POST", "nodes/{node}/probe", ProbeHandlers.ProbeAsync);
        Map("GET", "nodes/{node}/files", ProbeHandlers.FilesAsync);
        Map("GET", "operations", OperationHandlers.ListAsync);
        Map("GET", "operations/{id}", OperationHandlers.GetAsync);
        Map("DELETE", "operations/{id}", OperationHandlers.CancelAsync);
        Map("GET", "status", StatusHandlers.StatusAsync);
        Map("GET", "routing", StatusHandlers.RoutingAsync);
        Map("GET", "events", EventHandlers.ListAsync);
        Map("GET", "config", ConfigHandlers.GetAsync);
        Map("PUT", "config", ConfigHandlers.PutAsync);
        Map("GET", "config/versions", ConfigHandlers.VersionsAsync);
        Map("POST", "config/rollback", ConfigHandlers.RollbackAsync);
        Map("GET", "models", ModelHandlers.ListAsync);
        Map("GET", "models/{model}", ModelHandlers.GetAsync);
        Map("PUT", "models/{model}", ModelHandlers.DeployAsync);
        Map("DELETE", "models/{model}", ModelHandlers.DeleteAsync);
        Map("GET", "models/{model}/scale", ModelHandlers.ScaleOfAsync);
        Map("PUT", "models/{model}/scale", ModelHandlers.ScaleAsync);
        Map("POST", "tokens", ProcessHandlers.TokenAsync);
        Map("GET", "tokens", ProcessHandlers.ListTokensAsync);
        Map("DELETE", "tokens/{id}", ProcessHandlers.RevokeTokenAsync);
        Map("GET", "logs", ProcessHandlers.LogsAsync);
        Map("POST", "shutdown", ProcessHandlers.ShutdownAsync);
        routes.MapFallback("/{**path}",
            guard.Around(call => throw AdminException.NotFound($"No such endpoint: {call.Http.Request.Method} {call.Http.Request.Path}.")));

        void Map(string method, string pattern, Func<AdminCall, Task> handler) =>
            routes.MapMethods("/admin/v1/" + pattern, [method], guard.Around(handler));
    }
}
