using System.Text.Json;
using Grid.Silo.OpenAI.Requests;
using Grid.Silo.OpenAI.Responses;

namespace Grid.Silo.OpenAI;

/// <summary><c>/v1/completions</c> and <c>/v1/chat/completions</c>.</summary>
internal static class GenerationEndpoints
{
    public static void MapGeneration(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/completions", (HttpContext context, GenerationHandler handler, GenerationReader reader) =>
            handler.HandleAsync(context, (JsonElement body) => reader.ReadCompletion(body, RequestIdMiddleware.Of(context)), (request, texts) => new CompletionFormat(request, texts)));
        routes.MapPost("/v1/chat/completions", (HttpContext context, GenerationHandler handler, GenerationReader reader) =>
            handler.HandleAsync(context, (JsonElement body) => reader.ReadChat(body, RequestIdMiddleware.Of(context)), (request, texts) => new ChatFormat(request, texts)));
    }
}
