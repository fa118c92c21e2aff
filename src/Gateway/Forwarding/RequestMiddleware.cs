using Grid.Gateway.Ranks;
using Grid.Gateway.Routing;
using Grid.Gateway.Telemetry;

namespace Grid.Gateway.Forwarding;

/// <summary>The first step of the proxy pipeline: counts the request, reads its body, and answers for later steps that fail.</summary>
internal sealed class RequestMiddleware(
    RequestDelegate next,
    RequestTracker requests,
    RoutingState routing,
    GatewayInstruments instruments,
    ApiKeyRing keys,
    ForwardingLimits limits,
    TimeProvider timeProvider,
    Random random,
    ILogger<RequestMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        using var entry = requests.TryEnter() ?? throw Refusals.ShuttingDown();
        var body = await BodyReader.ReadAsync(context.Request);
        var client = ClientIdentity.Of(context, keys, limits.SharePrefixCache);
        using var head = RequestHead.Read(body.Span, client.CacheSalt);
        var isGeneration = ProxyRoutes.IsGeneration(context.GetRouteModel().Config);
        var query = RouteQueryReader.Read(context.Request, head) with
        {
            Client = client.Name,
            Choices = isGeneration ? head.NumChoices : 1,
        };
        // What a side route computes is not in any prefix cache.
        if (!isGeneration) query = query with { Prompt = null, PromptTokens = 0 };
        using var request = new GatewayRequest(
            context, body, head, query, timeProvider.GetUtcNow().ToUnixTimeSeconds(), random.NextInt64(),
            client.CacheSalt, new ClientResponse(context, head.IsStream, limits.SlowClientTimeout, timeProvider));
        context.Features.Set<RoutedRequest>(request);

        var aborted = context.RequestAborted;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted, entry.Cut);
        context.RequestAborted = end.Token;
        try
        {
            await next(context);
            var isGone = request.Result == AttemptResult.ClientGone;
            Ended(request, isGone ? StatusCodes.Status499ClientClosedRequest : context.Response.StatusCode);
        }
        catch (Exception) when (aborted.IsCancellationRequested)
        {
            Ended(request, StatusCodes.Status499ClientClosedRequest);
            throw;
        }
        catch (Exception exception)
        {
            var error = exception is OperationCanceledException ? Refusals.ShuttingDown() : ErrorMiddleware.Default(exception, logger);
            Ended(request, error.Status);
            if (!context.Response.HasStarted) throw error;
            if (isGeneration && request.Response.IsStream) await request.Response.FailAsync(error, aborted);
            else context.Abort();
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }

    // A client's text becomes no label: only names that the grid configured do, each model under its main name.
    private void Ended(GatewayRequest request, int status) => instruments.Ended(
        routing.Current?.Models.GetValueOrDefault(request.Model)?.Route.Name ?? GatewayInstruments.UnknownModel, status);
}
