using Grid.Gateway.Forwarding;

namespace Grid.Gateway.OpenAI;

/// <summary>The routes that reach a model: generation through the relay, all others as they are. Nothing else of a silo can be reached.</summary>
internal static class GenerationEndpoints
{
    public static void MapGeneration(this IEndpointRouteBuilder routes)
    {
        foreach (var path in (string[])["/v1/completions", "/v1/chat/completions"])
            routes.MapPost(path, (HttpContext context, GenerationRelay relay) => relay.HandleAsync(context));
        foreach (var path in (string[])["/tokenize", "/detokenize", "/v1/{**rest}"])
            routes.MapPost(path, (HttpContext context, PlainForwarder forwarder) => forwarder.HandleAsync(context));
    }
}
