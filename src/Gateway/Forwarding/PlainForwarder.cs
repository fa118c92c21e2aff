using Grid.Abstractions.Http;
using Grid.Gateway.Admission;
using Grid.Gateway.Hosting;
using Grid.Gateway.Routing;
using Grid.Hosting.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Grid.Gateway.Forwarding;

/// <summary>Passes a request on to a rank of its model as it is.</summary>
internal sealed class PlainForwarder(IHttpForwarder forwarder, AdmissionControl admission, OpenRequests open, HttpMessageInvoker http)
{
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromMinutes(5), Version = new Version(1, 1) };

    public async Task HandleAsync(HttpContext context)
    {
        using var entry = open.Enter();
        var body = await BodyReader.ReadAsync(context.Request);
        using var head = RequestHead.Read(body.Span);
        var query = QueryReader.Read(context.Request, head);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, open.Cut);
        using var dispatch = await admission.AdmitAsync(query with { Prompt = null, PromptTokens = 0 }, end.Token);
        var route = dispatch.Rank.Route;
        context.Request.Body = new MemoryStream(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(body, out var bytes) ? bytes.Array! : body.ToArray(), 0, body.Length, writable: false);
        // The silo answers with the same.
        context.Response.Headers.Remove(GridHeaders.RequestId);
        var error = await forwarder.SendAsync(context, route.Url.TrimEnd('/'), http, Config, new RankTransformer(route.Id, route.Epoch, RequestIds.Of(context)), end.Token);
        if (error == ForwarderError.None) return;
        if (!context.RequestAborted.IsCancellationRequested) dispatch.Rank.Health.Lost();
        if (!context.Response.HasStarted)
            throw new ApiException(StatusCodes.Status503ServiceUnavailable, $"The rank {route.Id} did not answer: {error}.", code: "no_ready_replica");
    }
}
