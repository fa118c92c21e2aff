using Grid.Silo.Hosting;
using Grid.Silo.OpenAI.Tokens;

namespace Grid.Silo.OpenAI;

/// <summary>The routes that reach the model.</summary>
internal static class OpenAIEndpoints
{
    public static void MapOpenAI(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", (SiloState state) => Results.Json(new { @object = "list", data = Models(state) }, JsonText.Options));
        routes.MapGet("/v1/models/{**name}", (string name, SiloState state) => Results.Json(Model(name, state), JsonText.Options));
        routes.MapGeneration();
        routes.MapTokens();
    }

    private static IEnumerable<object> Models(SiloState state) =>
        state.Model is null ? [] : state.Options.ModelNames.Select(name => Model(name, state));

    private static object Model(string name, SiloState state)
    {
        var model = state.Require(name);
        return new { id = name, @object = "model", created = state.Created, owned_by = "grid", root = model.Root, max_model_len = model.Inputs.Limits.MaxModelLen };
    }
}
