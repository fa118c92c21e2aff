using System.Collections.Concurrent;
using System.Globalization;
using Grid.Abstractions.Configuration;
using Grid.Abstractions.Http;
using Grid.Gateway.Admission;
using Grid.Gateway.Hosting;
using Grid.Gateway.Routing;
using Grid.Gateway.Telemetry;
using Grid.Hosting.Http;

namespace Grid.Gateway.Forwarding;

/// <summary>Answers generation requests from ranks: a request whose rank is lost goes on at another one, without a byte lost or repeated.</summary>
internal sealed class GenerationRelay(
    RouteBook book, AdmissionControl admission, OpenRequests open, HttpMessageInvoker http, GatewayInstruments instruments, TimeProvider timeProvider, Random random, ILogger<GenerationRelay> logger)
{
    private readonly ConcurrentDictionary<string, long> _resumed = new(StringComparer.Ordinal);

    /// <summary>Streams by node that were resumed away from it.</summary>
    public Dictionary<string, long> Resumed => new(_resumed);

    public async Task HandleAsync(HttpContext context)
    {
        using var entry = open.Enter();
        var path = context.Request.Path.Value!;
        var body = await BodyReader.ReadAsync(context.Request);
        using var head = RequestHead.Read(body.Span);
        var query = QueryReader.Read(context.Request, head);
        using var state = new RelayState(
            path, body, head, RequestIds.Of(context), timeProvider.GetUtcNow().ToUnixTimeSeconds(), random.NextInt64());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, open.Cut);
        var answer = new ClientAnswer(context, head.IsStream);
        try
        {
            await RelayAsync(state, query, answer, end.Token);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            instruments.Ended(query.Model, StatusCodes.Status499ClientClosedRequest);
            throw;
        }
        catch (Exception exception)
        {
            var error = exception is OperationCanceledException ? OpenRequests.Refusal() : ErrorMiddleware.Default(exception, logger);
            instruments.Ended(query.Model, error.Status);
            if (!answer.HasStarted) throw error;
            if (answer.IsStream) await answer.FailAsync(error, context.RequestAborted);
            else context.Abort();
            return;
        }

        instruments.Ended(query.Model, context.Response.StatusCode);
    }

    private async Task RelayAsync(RelayState state, RouteQuery query, ClientAnswer answer, CancellationToken cancellationToken)
    {
        var limits = new ResumeLimits(Spec.MaxAttempts);
        long? lastCommit = null;
        long? refusedSince = null;
        while (true)
        {
            using var dispatch = await admission.AdmitAsync(query, cancellationToken);
            instruments.Dispatched(dispatch.Rank);
            if (query.Numerics is { } numerics && numerics != dispatch.Rank.Route.Numerics) instruments.Inexact(query.Model);
            using var attempt = new UpstreamAttempt(state, dispatch, answer, http, instruments, timeProvider) { ResumedSince = lastCommit };
            var end = await attempt.RunAsync(Spec.StallTimeout, cancellationToken);
            if (end == UpstreamEnd.Complete) return;
            lastCommit = attempt.LastCommit ?? lastCommit;
            Note(dispatch.Rank, end, state);
            if (end == UpstreamEnd.Refused)
            {
                CheckPatience(query.Model, refusedSince ??= timeProvider.GetTimestamp());
            }
            else
            {
                refusedSince = null;
                query = GoOn(query, limits, end, dispatch.Rank, state);
            }

            state.Attempt++;
        }
    }

    private ResumeSpec Spec => book.Current?.Resume ?? ResumeSpec.Default;

    // Each rank that refuses rests for a moment; in between this request waits like any other.
    private void CheckPatience(string model, long refusedSince)
    {
        var limit = (book.Current?.Queue ?? QueueSpec.Default).MaxWait;
        if (timeProvider.GetElapsedTime(refusedSince) > limit)
            throw new ApiException(StatusCodes.Status503ServiceUnavailable, $"All replicas of the model '{model}' have refused the request for {limit.TotalSeconds:0.#} s.", code: "no_ready_replica");
    }

    private RouteQuery GoOn(RouteQuery query, ResumeLimits limits, UpstreamEnd end, RankState rank, RelayState state)
    {
        var where = $"at {rank.Id} on {rank.Route.Node} ({Name(end)}) after {state.Tokens} tokens";
        switch (limits.Lost(end, state.Tokens))
        {
            case "poison_request":
                throw new ApiException(
                    StatusCodes.Status500InternalServerError, $"Two processes died under this request with fewer than {ResumeLimits.TokensOfProgress} new tokens between, the last {where}.", code: "poison_request");
            case { } code:
                throw new ApiException(
                    StatusCodes.Status503ServiceUnavailable, $"The request was lost {where}, and more than {Spec.MaxAttempts} times in a row without {ResumeLimits.TokensOfProgress} new tokens.", code: code);
        }

        if (!state.IsBegun) return query;
        if (Spec.Mode == ResumeMode.Off)
            throw new ApiException(StatusCodes.Status503ServiceUnavailable, $"The request was lost {where}, and resume.mode is off.", code: "resume_failed");
        instruments.Resumed(query.Model, Name(end));
        _resumed.AddOrUpdate(rank.Route.Node, 1, static (_, count) => count + 1);
        var origin = state.Origin!.Route;
        return query with { IsResume = true, DataParallelRank = null, Numerics = origin.Numerics, Revision = origin.Revision, IsExact = Spec.Mode == ResumeMode.Exact };
    }

    private void Note(RankState rank, UpstreamEnd end, RelayState state)
    {
        if (end is UpstreamEnd.Broken or UpstreamEnd.Stalled) book.Lost(rank);
        else if (end is UpstreamEnd.Refused or UpstreamEnd.HandedOver) rank.Health.Refused();
        if (!state.IsBegun || end == UpstreamEnd.Refused) instruments.Retried(state.Head.Model!, Name(end));
        logger.LogInformation(
            "Request {Id} left {Rank} on {Node} ({End}) at attempt {Attempt} after {Tokens} tokens", state.RequestId, rank.Id, rank.Route.Node, Name(end), state.Attempt.ToString(CultureInfo.InvariantCulture), state.Tokens);
    }

    private static string Name(UpstreamEnd end) => end switch
    {
        UpstreamEnd.Refused => "refused",
        UpstreamEnd.HandedOver => "handed_over",
        UpstreamEnd.Stalled => "stalled",
        _ => "broken",
    };
}
