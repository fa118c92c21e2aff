using System.Runtime.InteropServices;
using Grid.Gateway.Ranks;
using Yarp.ReverseProxy.Forwarder;

namespace Grid.Gateway.Forwarding;

/// <summary>A step of the proxy pipeline around YARP's forwarder: gives each attempt the whole body, and reports how it ended.</summary>
internal sealed class SideRouteMiddleware(RequestDelegate next)
{
    /// <summary>Whether a status means that the rank has not begun, so that another one may be asked.</summary>
    public static bool IsRefusal(int status) =>
        status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status409Conflict or StatusCodes.Status429TooManyRequests;

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
        if (request.Result is AttemptResult.Complete or AttemptResult.Failed) return;
        if (context.Response.HasStarted) request.Error = Refusals.Lost(request.Dispatch!.Rank.Id);
        else Reset(context, request);
    }

    private static AttemptResult ResultOf(IForwarderErrorFeature? fault, int status) => fault switch
    {
        null when IsRefusal(status) => AttemptResult.Refused,
        null => status >= StatusCodes.Status500InternalServerError ? AttemptResult.Failed : AttemptResult.Complete,
        // The handler cancels a connect that takes too long, and says so.
        { Error: ForwarderError.RequestTimedOut, Exception.InnerException: TimeoutException } => AttemptResult.Refused,
        { Error: ForwarderError.RequestTimedOut or ForwarderError.ResponseBodyCanceled } => AttemptResult.Stalled,
        { Error: ForwarderError.Request, Exception: HttpRequestException exception } when UpstreamHttp.IsConnectFailure(exception) =>
            AttemptResult.Refused,
        _ => AttemptResult.Broken,
    };

    // The forwarder has set a status of its own, or headers of a refusal.
    private static void Reset(HttpContext context, GatewayRequest request)
    {
        context.Response.Clear();
        context.Response.Headers[Abstractions.Http.GridHeaders.RequestId] = request.RequestId;
    }
}
