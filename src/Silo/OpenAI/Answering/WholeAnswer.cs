using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Grid.Abstractions.Http;
using Grid.Silo.OpenAI.Generating;
using Grid.Silo.OpenAI.Requests;
using Grid.Silo.OpenAI.Responses;

namespace Grid.Silo.OpenAI.Answering;

/// <summary>One JSON object when all choices have ended.</summary>
internal sealed class WholeAnswer(GenerationRequest request, Generation generation, AnswerFormat format) : IAnswer
{
    public async Task WriteAsync(HttpContext context, TrackedRequest running)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, running.Cut);
        var choices = CollectedChoice.ForAll(request);
        try
        {
            await foreach (var gain in generation.ReadAllAsync(end.Token)) choices[gain.Index].Append(gain.ShownBy(request).Delta);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw AnswerFaults.Cut();
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
            format.WriteAnswer(json, [.. choices.Select(choice => choice.ToDelta())], generation.Usage);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = buffer.WrittenCount;
        context.Response.Headers[GridHeaders.CachedTokens] = generation.Usage.CachedTokens.ToString(CultureInfo.InvariantCulture);
        await context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }
}
