using Grid.Silo.Access;

namespace Grid.Silo.OpenAI.Endpoints;

/// <summary>The routes that reach the models.</summary>
internal static class OpenAIEndpoints
{
    public static void MapOpenAI(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models",
            (SiloState state, RankFinder ranks) => Results.Json(new { @object = "list", data = Models(state, ranks) }, JsonText.Options));
        routes.MapGet("/v1/models/{**name}", (string name, RankFinder ranks) => Results.Json(Model(name, ranks), JsonText.Options));
        routes.MapGeneration();
        routes.MapTokens();
    }

    private static IEnumerable<object> Models(SiloState state, RankFinder ranks) =>
        state.Ranks.Ranks.SelectMany(rank => rank.Identity.ModelNames).Distinct().Select(name => Model(name, ranks));

    private static object Model(string name, RankFinder ranks)
    {
        var rank = ranks.Find(name);
        return new
        {
            id = name, @object = "model", created = rank.Created.ToUnixTimeSeconds(), owned_by = "grid", root = rank.Model.Root,
            max_model_len = rank.Model.Inputs.Limits.MaxModelLen
        };
    }
}
