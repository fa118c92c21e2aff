using Grid.Abstractions.Http;
using Grid.Engine.Configuration;
using Grid.Engine.Requests;
using Grid.Engine.Serving;
using Grid.Silo.Access;
using Grid.Silo.OpenAI.Generating;
using Grid.Silo.OpenAI.Requests;
using Grid.Silo.OpenAI.Responses;

namespace Grid.Silo.OpenAI.Answering;

/// <summary>
/// The event stream for a gateway, whether its client streams or not: before each event comes a comment with the progress, so that
/// another rank can continue at any point. A request that is cut ends with a comment that hands it over.
/// </summary>
internal sealed class AttemptAnswer(
    GenerationRequest request, Generation generation, AnswerFormat format, IInferenceEngine engine, TimeProvider timeProvider,
    ILogger logger) : IAnswer
{
    // A gateway that does not read must not hold up a drain.
    private static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(5);

    private readonly ProgressWriter _progress = new(request, generation);
    private readonly CollectedChoice[]? _whole = request.Stream ? null : CollectedChoice.ForAll(request);

    public async Task WriteAsync(HttpContext context, TrackedRequest running)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, running.Cut);
        await using var patience = timeProvider.CreateTimer(_ => context.Abort(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var cut = running.Cut.UnsafeRegister(_ => patience.Change(HandOverPatience, Timeout.InfiniteTimeSpan), null);
        using var events = new EventStream(context.Response);
        await events.StartAsync(context.RequestAborted);
        await using var keepAlive = KeepAlive.Start(events, engine, timeProvider);
        try
        {
            await foreach (var gain in generation.ReadAllAsync(end.Token))
            {
                if (gain.Delta.FinishReason == FinishReason.Error) await generation.ThrowIfDeadAsync(gain.Index);
                Write(events, gain);
                await events.SendAsync(context.RequestAborted);
            }

            WriteEnd(events);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            events.Drop();
            if (running.Cut.IsCancellationRequested) _progress.WriteHandOver(events, running.CutReason!);
            else if (exception is EngineDeadException) _progress.WriteHandOver(events, HandOverReasons.Lost);
            else events.Add(ApiErrorWriter.ToJson(ApiErrors.From(exception, logger)));
        }

        await events.SendAsync(context.RequestAborted);
    }

    private void Write(EventStream events, ChoiceDelta gain)
    {
        var shown = gain.ShownBy(request);
        if (_whole is not null)
        {
            _whole[gain.Index].Append(shown.Delta);
            _progress.Write(events, gain);
            events.EndComment();
            return;
        }

        if (format.HasOpening && format.IsFirst(gain.Index))
        {
            _progress.WriteNothingNew(events, gain.Index);
            format.WriteOpening(events.Begin(), gain.Index);
            events.End();
        }

        _progress.Write(events, gain);
        format.WriteChunk(events.Begin(), shown, request.ContinuousUsage ? generation.Usage : null);
        events.End();
    }

    private void WriteEnd(EventStream events)
    {
        if (_whole is not null)
        {
            _progress.WriteNothingNew(events, 0);
            format.WriteAnswer(events.Begin(), [.. _whole.Select(choice => choice.ToDelta())], generation.Usage);
            events.End();
            return;
        }

        if (request.IncludeUsage && request.Resumed is not [{ UsageSent: true }, ..])
        {
            _progress.WriteUsageSent(events);
            format.WriteUsageChunk(events.Begin(), generation.Usage);
            events.End();
        }

        events.Add("[DONE]"u8);
    }
}
