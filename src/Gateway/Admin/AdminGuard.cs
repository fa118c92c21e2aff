using System.Text.Json;
using System.Text.Json.Nodes;
using Grid.Abstractions.Admin;
using StackExchange.Redis;

namespace Grid.Gateway.Admin;

/// <summary>Lets bearers of the key in, and turns whatever fails into the API's error document.</summary>
/// <param name="options">What the API works with.</param>
/// <param name="logger">The log of faults of the server.</param>
internal sealed class AdminGuard(AdminOptions options, ILogger logger)
{
    private readonly AdminKey _key = new(options.Key);

    /// <summary>A route's handler with the guard around.</summary>
    public RequestDelegate Around(Func<AdminCall, Task> handler) => async context =>
    {
        var call = new AdminCall(context, options);
        try
        {
            if (!_key.Admits(context.Request))
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
                await WriteAsync(call,
                    new AdminFault(StatusCodes.Status401Unauthorized, "unauthorized",
                    "The admin key is required: send 'Authorization: Bearer KEY' with the content of admin.key.", []));
                return;
            }

            await handler(call);
        }
        catch (Exception fault) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await WriteAsync(call, FaultOf(fault));
        }
    };

    /// <summary>Whether a call failed because the cluster or its store is unreachable.</summary>
    public static bool IsUnreachable(Exception fault) =>
        fault is TimeoutException or OrleansException or RedisException or System.Net.Sockets.SocketException or ObjectDisposedException
        || fault.InnerException is { } inner && IsUnreachable(inner);

    private AdminFault FaultOf(Exception fault)
    {
        switch (fault)
        {
            case AdminException refused:
                return refused.Fault;
            // The text of this one names our types.
            case JsonException { Path: { } path } json when json.Message.Contains("could not be converted", StringComparison.Ordinal):
                return AdminException.Invalid($"The body cannot be read: {path} has the wrong type.").Fault;
            case JsonException or BadHttpRequestException:
                return AdminException.Invalid($"The body cannot be read: {fault.Message}").Fault;
            case var _ when IsUnreachable(fault):
                return AdminException.Unreachable($"The cluster does not answer: {FirstLine(fault.Message)}").Fault;
            default:
                logger.AdminRequestFailed(fault);
                return new AdminFault(
                    StatusCodes.Status500InternalServerError, "internal", "The server failed to answer; its log says why.", []);
        }
    }

    // What follows names sources and connections of the server.
    private static string FirstLine(string message) => message.Split('\n')[0].TrimEnd();

    private static Task WriteAsync(AdminCall call, AdminFault fault)
    {
        if (fault.Status == StatusCodes.Status503ServiceUnavailable) call.Http.Response.Headers.RetryAfter = "1";
        var error = new JsonObject
        {
            ["code"] = fault.Code,
            ["message"] = fault.Message,
            ["details"] = new JsonArray([.. fault.Details.Select(detail => (JsonNode)detail)]),
        };
        return call.WriteAsync(new JsonObject { ["error"] = error }, fault.Status);
    }
}
