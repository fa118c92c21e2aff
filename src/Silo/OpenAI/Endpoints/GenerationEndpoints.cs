namespace Grid.Silo.OpenAI.Endpoints;

/// <summary><c>/v1/completions</c>, <c>/v1/chat/completions</c>, and the route on which gateways resume them.</summary>
internal static class GenerationEndpoints
{
    public static void MapGeneration(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/completions", (HttpContext context, GenerationHandler handler) => handler.HandleAsync(context));
        routes.MapPost("/v1/chat/completions", (HttpContext context, GenerationHandler handler) => handler.HandleAsync(context));
        routes.MapPost("/internal/v1/resume", (HttpContext context, GenerationHandler handler) => handler.ResumeAsync(context));
    }
}
