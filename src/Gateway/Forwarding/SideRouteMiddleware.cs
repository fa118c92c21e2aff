using System.Runtime.InteropServices;
using Grid.Gateway.Ranks;
using Yarp.ReverseProxy.Forwarder;

namespace Grid.Gateway.Forwarding;

/// <summary>A step of the proxy pipeline around YARP's forwarder: gives each attempt the whole body, and reports how it ended.</summary>
internal sealed class SideRouteMiddleware(RequestDelegate next)
{
    /// <summary>What a status says of a rank that has not begun, so that another one may be asked; null where it is an answer.</summary>
    public static AttemptResult? RefusalOf(int status) => status switch
    {
        StatusCodes.Status503ServiceUnavailable or StatusCodes.Status409Conflict => AttemptResult.Refused,
        StatusCodes.Status429TooManyRequests => AttemptResult.Full,
        _ => null,
    };

    public async Task InvokeAsync(HttpContext context)
    {
        var request = (GatewayRequest)RoutedRequest.Of(context);
        context.Request.Body = MemoryMarshal.TryGetArray(request.Body, out var bytes)
            ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new MemoryStream(request.Body.ToArray(), writable: false);
        context.Features.Set<IForwarderErrorFeature>(null);
        await next(context);
        var fault = context.GetForwarderErrorFeature();
        // The client has gone, or the gateway stops: nothing is known of the rank.
        context.RequestAborted.ThrowIfCancellationRequested();
        request.Result = ResultOf(fault, context.Response.StatusCode);
        if (request.Result is AttemptResult.Complete or AttemptResult.Failed or AttemptResult.ClientGone) return;
        if (context.Response.HasStarted) request.Error = Refusals.Lost(request.Dispatch!.Rank.Id);
        else Reset(context, request);
    }

    private static AttemptResult ResultOf(IForwarderErrorFeature? fault, int status) => fault switch
    {
        null when RefusalOf(status) is { } refusal => refusal,
        null => status >= StatusCodes.Status500InternalServerError ? AttemptResult.Failed : AttemptResult.Complete,
        // The handler cancels a connect that takes too long, and says so.
        { Error: ForwarderError.RequestTimedOut, Exception.InnerException: TimeoutException } => AttemptResult.Refused,
        { Error: ForwarderError.RequestTimedOut or ForwarderError.ResponseBodyCanceled } => AttemptResult.Stalled,
        { Error: ForwarderError.Request, Exception: HttpRequestException exception } when UpstreamHttp.IsConnectFailure(exception) =>
            AttemptResult.Refused,
        // What the client sent or did not wait for says nothing of the rank.
        {
            Error: ForwarderError.RequestCreation or ForwarderError.RequestBodyClient or ForwarderError.ResponseBodyClient
            or ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled
        } => AttemptResult.ClientGone,
        _ => AttemptResult.Broken,
    };

    // The forwarder has set a status of its own, or headers of a refusal.
    private static void Reset(HttpContext context, GatewayRequest request)
    {
        context.Response.Clear();
        context.Response.Headers[Abstractions.Http.GridHeaders.RequestId] = request.RequestId;
    }
}
