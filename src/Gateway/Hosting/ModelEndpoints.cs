using Grid.Abstractions.Routing;
using Grid.Gateway.Routing;

namespace Grid.Gateway.Hosting;

/// <summary>Answers <c>/v1/models</c>: the models of the configuration, whether or not they run now.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", (RoutingState routing) => Results.Json(
            new { @object = "list", data = routing.Required.Table.Models.SelectMany(Models) }, JsonText.Options));
        routes.MapGet("/v1/models/{**name}", (string name, RoutingState routing) =>
            Results.Json(Model(name, routing.Require(name).Route), JsonText.Options));
    }

    private static IEnumerable<object> Models(ModelRoute route) => route.Aliases.Prepend(route.Name).Select(name => Model(name, route));

    private static object Model(string name, ModelRoute route) => new
    {
        id = name,
        @object = "model",
        created = route.Created,
        owned_by = "grid",
        root = route.Root,
        max_model_len = route.MaxModelLen,
    };
}
