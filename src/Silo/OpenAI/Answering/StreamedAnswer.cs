using Grid.Silo.Access;
using Grid.Silo.OpenAI.Generating;
using Grid.Silo.OpenAI.Requests;
using Grid.Silo.OpenAI.Responses;

namespace Grid.Silo.OpenAI.Answering;

/// <summary>Server-sent events for a client without a gateway.</summary>
internal sealed class StreamedAnswer(GenerationRequest request, Generation generation, AnswerFormat format, ILogger logger) : IAnswer
{
    public async Task WriteAsync(HttpContext context, TrackedRequest running)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, running.Cut);
        using var events = new EventStream(context.Response);
        await events.StartAsync(end.Token);
        try
        {
            await foreach (var gain in generation.ReadAllAsync(end.Token))
            {
                Write(events, gain.ShownBy(request));
                await events.SendAsync(end.Token);
            }

            if (request.IncludeUsage)
            {
                format.WriteUsageChunk(events.Begin(), generation.Usage);
                events.End();
            }

            events.Add("[DONE]"u8);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            var error = exception is OperationCanceledException ? AnswerFaults.Cut() : ApiErrors.From(exception, logger);
            events.Add(ApiErrorWriter.ToJson(error));
        }

        await events.SendAsync(context.RequestAborted);
    }

    private void Write(EventStream events, ChoiceDelta gain)
    {
        if (format.HasOpening && format.IsFirst(gain.Index))
        {
            format.WriteOpening(events.Begin(), gain.Index);
            events.End();
        }

        format.WriteChunk(events.Begin(), gain, request.ContinuousUsage ? generation.Usage : null);
        events.End();
    }
}
