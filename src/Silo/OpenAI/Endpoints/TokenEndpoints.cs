using Grid.Silo.Access;
using Grid.Silo.OpenAI.Requests;

namespace Grid.Silo.OpenAI.Endpoints;

/// <summary><c>/tokenize</c> and <c>/detokenize</c>, as vLLM has them.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/tokenize", TokenizeAsync);
        routes.MapPost("/detokenize", DetokenizeAsync);
    }

    private static async Task<IResult> TokenizeAsync(HttpRequest request, RankFinder ranks)
    {
        using var body = await RequestBody.ReadAsync(request);
        var fields = new JsonFields(body.RootElement);
        var model = ranks.Find(ModelName(fields, ranks)).Model;
        var isChat = fields.TryGet("messages", out _);
        if (isChat == fields.TryGet("prompt", out _))
            throw ApiException.BadField("prompt", "Exactly one of prompt and messages must be given.");
        var prompt = isChat
            ? ChatReader.ReadPrompt(fields, model)
            : Engine.Inputs.PromptInput.FromText(JsonFields.String(fields.Required("prompt"), "prompt"))
            with
            { AddSpecialTokens = fields.Bool("add_special_tokens") ?? true };
        var tokens = prompt.Text is { Length: 0 } && !prompt.AddSpecialTokens
            ? []
            : model.Tokenizer.Encode(prompt.Text!, prompt.AddSpecialTokens);
        var strings = fields.Bool("return_token_strs") == true ? tokens.Select(model.Tokenizer.IdToToken) : null;
        return Results.Json(new { count = tokens.Length, max_model_len = model.Inputs.Limits.MaxModelLen, tokens, token_strs = strings },
            JsonText.Options);
    }

    private static async Task<IResult> DetokenizeAsync(HttpRequest request, RankFinder ranks)
    {
        using var body = await RequestBody.ReadAsync(request);
        var fields = new JsonFields(body.RootElement);
        var model = ranks.Find(ModelName(fields, ranks)).Model;
        var tokens = fields.Ints("tokens") ?? throw fields.Missing("tokens");
        var limit = model.Inputs.Limits.VocabSize;
        foreach (var id in tokens)
            if ((uint)id >= (uint)limit)
                throw ApiException.BadField("tokens", $"tokens must hold ids of the vocabulary, 0 to {limit - 1}; got {id}.");
        return Results.Json(new { prompt = model.Tokenizer.Decode([.. tokens]) }, JsonText.Options);
    }

    // Where one model is served its name may be left out, as with vLLM.
    private static string ModelName(JsonFields fields, RankFinder ranks) =>
        fields.String("model") ?? ranks.OnlyModelName() ?? throw fields.Missing("model");
}
