using Grid.Abstractions.Routing;
using Grid.Gateway.Routing;
using Grid.Hosting.Http;

namespace Grid.Gateway.OpenAI;

/// <summary><c>/v1/models</c>: what is wanted, whether or not it runs now.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", (RouteBook book) => Results.Json(
            new { @object = "list", data = Table(book).Models.SelectMany(route => route.Aliases.Prepend(route.Name).Select(name => Model(name, route))) }, JsonText.Options));
        routes.MapGet("/v1/models/{**name}", (string name, RouteBook book) =>
        {
            _ = Table(book);
            var model = book.Find(name) ?? throw Admission.AdmissionControl.Unknown(name);
            return Results.Json(Model(name, model.Route), JsonText.Options);
        });
    }

    private static RoutingTable Table(RouteBook book) =>
        book.Current?.Table ?? throw new ApiException(StatusCodes.Status503ServiceUnavailable, "The gateway has no routing table yet.", code: "no_ready_replica");

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
