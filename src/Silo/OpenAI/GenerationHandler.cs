using System.Buffers;
using System.Text.Json;
using Grid.Engine.Requests;
using Grid.Silo.Hosting;
using Grid.Silo.OpenAI.Errors;
using Grid.Silo.OpenAI.Generating;
using Grid.Silo.OpenAI.Requests;
using Grid.Silo.OpenAI.Responses;

namespace Grid.Silo.OpenAI;

/// <summary>Answers a generation request, whole or as a stream. A client that goes away ends its generation.</summary>
internal sealed class GenerationHandler(SiloState state, ILogger<GenerationHandler> logger)
{
    private const string RankHeader = "X-Data-Parallel-Rank";

    public async Task HandleAsync(HttpContext context, Func<JsonElement, GenerationRequest> read, Func<GenerationRequest, TokenTexts, AnswerFormat> format)
    {
        using var entry = state.Running.Enter();
        CheckRank(context.Request.Headers[RankHeader].ToString());
        var request = await ReadAsync(context.Request, read);
        var model = state.Require(request.Model);
        using var generation = Generation.Submit(model, request);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, state.Running.Cut);
        var answer = format(request, new TokenTexts(model.Tokenizer));
        if (request.Stream) await StreamAsync(context, request, generation, answer, end.Token);
        else await AnswerAsync(context, request, generation, answer, end.Token);
    }

    private static async Task<GenerationRequest> ReadAsync(HttpRequest request, Func<JsonElement, GenerationRequest> read)
    {
        using var body = await RequestBody.ReadAsync(request);
        return read(body.RootElement);
    }

    private static void CheckRank(string given)
    {
        // One engine serves here.
        if (given is not ("" or "0")) throw ApiException.BadField(RankHeader, $"{RankHeader} must be a rank of the model, 0 to 0, got '{given}'.");
    }

    private static ChoiceDelta Checked(GenerationRequest request, ChoiceDelta gain)
    {
        if (gain.Delta.FinishReason == FinishReason.Error)
            throw new ApiException(StatusCodes.Status500InternalServerError, $"The generation failed: {gain.Delta.Error}", code: "engine_error");
        if (!request.EchoOnly) return gain;
        return gain with { Delta = gain.Delta with { Text = "", TokenIds = [], Logprobs = [], FinishReason = FinishReason.Length, StopReason = null } };
    }

    private static async Task AnswerAsync(HttpContext context, GenerationRequest request, Generation generation, AnswerFormat answer, CancellationToken end)
    {
        CollectedChoice[] choices = [.. Enumerable.Range(0, request.NumChoices).Select(_ => new CollectedChoice())];
        try
        {
            await foreach (var gain in generation.ReadAllAsync(end)) choices[gain.Index].Append(Checked(request, gain).Delta);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw Cut();
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
            answer.WriteAnswer(json, [.. choices.Select(choice => choice.ToDelta())], generation.Usage);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private async Task StreamAsync(HttpContext context, GenerationRequest request, Generation generation, AnswerFormat answer, CancellationToken end)
    {
        using var events = new EventStream(context.Response);
        await events.StartAsync(end);
        try
        {
            await foreach (var gain in generation.ReadAllAsync(end))
            {
                Write(events, request, generation, answer, Checked(request, gain));
                await events.SendAsync(end);
            }

            if (request.IncludeUsage)
            {
                answer.WriteUsageChunk(events.Begin(), generation.Usage);
                events.End();
            }

            events.Add("[DONE]"u8);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            var error = exception is OperationCanceledException ? Cut() : ApiErrors.From(exception, logger);
            events.Add(ApiErrorWriter.ToJson(error));
        }

        await events.SendAsync(context.RequestAborted);
    }

    private static void Write(EventStream events, GenerationRequest request, Generation generation, AnswerFormat answer, ChoiceDelta gain)
    {
        if (answer.HasOpening && answer.IsFirst(gain.Index))
        {
            answer.WriteOpening(events.Begin(), gain.Index);
            events.End();
        }

        answer.WriteChunk(events.Begin(), gain, request.ContinuousUsage ? generation.Usage : null);
        events.End();
    }

    private static ApiException Cut() =>
        new(StatusCodes.Status503ServiceUnavailable, "The server shut down before the request had ended.", code: "draining");
}
