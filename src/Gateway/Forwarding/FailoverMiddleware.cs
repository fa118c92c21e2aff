using System.Collections.Concurrent;
using Grid.Abstractions.Configuration;
using Grid.Gateway.Ranks;
using Grid.Gateway.Routing;
using Grid.Gateway.Telemetry;

namespace Grid.Gateway.Forwarding;

/// <summary>
/// A step of the proxy pipeline that runs what follows once an attempt: a request whose rank refuses or is lost goes to another one, and a
/// stream that has begun is resumed there, without a byte lost or repeated.
/// </summary>
internal sealed class FailoverMiddleware(
    RequestDelegate next,
    RoutingState routing,
    FailoverCounts counts,
    GatewayInstruments instruments,
    TimeProvider timeProvider,
    ILogger<FailoverMiddleware> logger)
{
    private static readonly TimeSpan FullPause = TimeSpan.FromMilliseconds(250);

    private ResumeSpec Spec => routing.Current?.Resume ?? ResumeSpec.Default;

    public async Task InvokeAsync(HttpContext context)
    {
        var request = (GatewayRequest)RoutedRequest.Of(context);
        var limits = new FailoverLimits(Spec.MaxAttempts);
        long? refusedSince = null;
        while (true)
        {
            try
            {
                await AttemptAsync(context, request);
                if (IsEnd(request)) return;
                await PrepareNextAsync();
            }
            catch (ApiException) when (request.Race.HasParked)
            {
                // No other rank helps, but one that is only suspected may still answer.
                if (!await request.Race.WaitAsync(context.RequestAborted)) throw;
                await FollowAsync(request);
                if (IsEnd(request)) return;
            }

            request.Attempt++;
        }

        async Task PrepareNextAsync()
        {
            var rank = request.LastRank!;
            Note(request, rank);
            if (request.Result is AttemptResult.Refused or AttemptResult.Full)
            {
                CheckPatience(request, refusedSince ??= timeProvider.GetTimestamp());
                if (request.Result == AttemptResult.Full) await PauseAsync(request, rank, context.RequestAborted);
            }
            else
            {
                refusedSince = null;
                CheckLimits(limits, request, rank);
                if (request.IsBegun) Resume(request, rank);
            }
        }
    }

    /// <exception cref="ApiException">Another attempt cannot help.</exception>
    private static bool IsEnd(GatewayRequest request) => request.Error is { } error
        ? throw error
        : request.Result is AttemptResult.Complete or AttemptResult.Failed or AttemptResult.ClientGone;

    // An earlier attempt that leads again ends the wait for a rank as well as the attempt itself.
    private async Task AttemptAsync(HttpContext context, GatewayRequest request)
    {
        var (aborted, revived) = (context.RequestAborted, request.Race.Revived);
        if (!request.Race.HasParked)
        {
            await next(context);
            request.LastRank = request.Dispatch!.Rank;
            if (request.Result == AttemptResult.Superseded) await FollowAsync(request);
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        _ = revived.ContinueWith(static (_, end) => Cancel((CancellationTokenSource)end!), end, TaskScheduler.Default);
        context.RequestAborted = end.Token;
        try
        {
            await next(context);
            request.LastRank = request.Dispatch!.Rank;
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested && revived.IsCompleted)
        {
            request.Result = AttemptResult.Superseded;
        }
        finally
        {
            context.RequestAborted = aborted;
        }

        if (request.Result == AttemptResult.Superseded) await FollowAsync(request);
    }

    private static async Task FollowAsync(GatewayRequest request)
    {
        var attempt = await request.Race.TakeRevivedAsync();
        request.LastRank = attempt.Rank;
        request.Result = await attempt.FollowAsync();
        if (!attempt.IsParked) attempt.Dispose();
    }

    private static void Cancel(CancellationTokenSource end)
    {
        try
        {
            end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt has ended by itself.
        }
    }

    // Each rank that refuses gets no request for a moment; meanwhile this one waits like any other. One without room for this request
    // may have room for another: it is asked again, and nobody else is kept from it.
    private void CheckPatience(GatewayRequest request, long refusedSince)
    {
        var limit = routing.Required.Queue.MaxWait;
        if (timeProvider.GetElapsedTime(refusedSince) <= limit) return;
        var model = request.Model;
        if (request.Result == AttemptResult.Full)
            throw new ApiException(
                StatusCodes.Status429TooManyRequests,
                $"No replica of the model '{model}' had room for the request within {limit.TotalSeconds:0.#} s.", code: "queue_full");
        throw new ApiException(
            StatusCodes.Status503ServiceUnavailable,
            $"All replicas of the model '{model}' have refused the request for {limit.TotalSeconds:0.#} s.",
            code: "no_ready_replica");
    }

    // Elsewhere at once; where this was the only rank, after a moment.
    private Task PauseAsync(GatewayRequest request, RankState rank, CancellationToken cancellationToken)
    {
        var again = request.Query.Full is not null;
        request.Query = request.Query with { Full = rank.Route.Id };
        return again ? Task.Delay(FullPause, timeProvider, cancellationToken) : Task.CompletedTask;
    }

    private void CheckLimits(FailoverLimits limits, GatewayRequest request, RankState rank)
    {
        var where = Where(request, rank);
        switch (limits.Lost(request.Result, request.Tokens))
        {
            case "poison_request":
                throw new ApiException(
                    StatusCodes.Status500InternalServerError,
                    $"Two processes died under this request with fewer than {FailoverLimits.TokensOfProgress} new tokens between, the "
                        + $"last {where}.",
                    code: "poison_request");
            case { } code:
                throw new ApiException(
                    StatusCodes.Status503ServiceUnavailable,
                    $"The request was lost {where}, and more than {Spec.MaxAttempts} times in a row without "
                        + $"{FailoverLimits.TokensOfProgress} new tokens.",
                    code: code);
        }
    }

    private void Resume(GatewayRequest request, RankState rank)
    {
        if (Spec.Mode == ResumeMode.Off)
        {
            throw new ApiException(
                StatusCodes.Status503ServiceUnavailable, $"The request was lost {Where(request, rank)}, and resume.mode is off.",
                code: "resume_failed");
        }

        instruments.Resumed(request.Model, NameOf(request.Result));
        counts.Resumed(rank.Route.Node);
        request.Query = request.Query with { IsResume = true, DataParallelRank = null, IsExact = Spec.Mode == ResumeMode.Exact };
    }

    private void Note(GatewayRequest request, RankState rank)
    {
        var result = NameOf(request.Result);
        if (!request.IsBegun || request.Result is AttemptResult.Refused or AttemptResult.Full) instruments.Retried(request.Model, result);
        logger.RequestLeftRank(request.RequestId, rank.Id, rank.Route.Node, result, request.Attempt, request.Tokens);
    }

    private static string Where(GatewayRequest request, RankState rank) =>
        $"at {rank.Id} on {rank.Route.Node} ({NameOf(request.Result)}) after {request.Tokens} tokens";

    private static string NameOf(AttemptResult result) => result switch
    {
        AttemptResult.Refused => "refused",
        AttemptResult.Full => "full",
        AttemptResult.HandedOver => "handed_over",
        AttemptResult.Stalled => "stalled",
        _ => "broken",
    };
}

/// <summary>Counts the streams that were resumed, by the node that they left.</summary>
internal sealed class FailoverCounts
{
    private readonly ConcurrentDictionary<string, long> _resumed = new(StringComparer.Ordinal);

    public Dictionary<string, long> ByNode => new(_resumed);

    public void Resumed(string node) => _resumed.AddOrUpdate(node, 1, static (_, count) => count + 1);
}
