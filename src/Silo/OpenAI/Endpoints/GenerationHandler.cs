using System.Text.Json;
using Grid.Engine.Configuration;
using Grid.Silo.Access;
using Grid.Silo.OpenAI.Answering;
using Grid.Silo.OpenAI.Generating;
using Grid.Silo.OpenAI.Requests;
using Grid.Silo.OpenAI.Responses;
using Grid.Silo.OpenAI.Resuming;

namespace Grid.Silo.OpenAI.Endpoints;

/// <summary>
/// Finds the rank for a generation request, runs it there, and has it answered. A client that disconnects ends its generation.
/// </summary>
internal sealed class GenerationHandler(SiloState state, RankFinder ranks, GenerationReader reader, ILogger<GenerationHandler> logger)
{
    private const string ChatPath = "/v1/chat/completions";
    private const string CompletionPath = "/v1/completions";

    /// <summary>A request at its beginning.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        ThrowIfDraining();
        var origin = OriginReader.Read(context, state);
        using var body = await RequestBody.ReadAsync(context.Request);
        await RunAsync(context, body.RootElement, IsChat(context.Request.Path), origin);
    }

    /// <summary>A request that another rank began.</summary>
    public async Task ResumeAsync(HttpContext context)
    {
        ThrowIfDraining();
        var resume = await ResumeReader.ReadAsync(context.Request);
        context.Response.Headers[Grid.Abstractions.Http.GridHeaders.RequestId] = resume.RequestId;
        var origin = ResumeReader.ToOrigin(resume) with { CacheSalt = OriginReader.CacheSalt(context) };
        await RunAsync(context, resume.Body, IsChat(resume.Path), origin);
    }

    private static bool IsChat(PathString path) => path.Value?.ToLowerInvariant() switch
    {
        ChatPath => true,
        CompletionPath => false,
        var other => throw ApiException.BadField("path", $"path must be {CompletionPath} or {ChatPath}; got '{other}'."),
    };

    private void ThrowIfDraining()
    {
        if (state.Ranks.Draining) throw new EngineDrainingException();
    }

    private async Task RunAsync(HttpContext context, JsonElement body, bool isChat, RequestOrigin origin)
    {
        var rank = ranks.Find(context, new JsonFields(body).RequiredString("model"), origin.Epoch);
        using var running = rank.Requests.TryEnter() ?? throw new EngineDrainingException();
        var request = isChat ? reader.ReadChat(body, rank.Model, origin) : reader.ReadCompletion(body, rank.Model, origin);
        using var generation = Generation.Submit(rank.Model, request);
        var texts = new TokenTexts(rank.Model.Tokenizer);
        AnswerFormat format = isChat ? new ChatFormat(request, texts) : new CompletionFormat(request, texts);
        IAnswer answer = request.Attempt is not null
            ? new AttemptAnswer(request, generation, format, rank.Model.Engine, state.TimeProvider, logger)
            : request.Stream ? new StreamedAnswer(request, generation, format, logger)
            : new WholeAnswer(request, generation, format);
        await answer.WriteAsync(context, running);
    }
}
