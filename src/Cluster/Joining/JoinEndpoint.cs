using System.Text.Json;
using Grid.Cluster.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Cluster.Joining;

/// <summary>The join port's HTTP: one POST that answers with a grant or with the rule that was broken.</summary>
public static class JoinEndpoint
{
    private const long MaxBody = 64 * 1024;

    /// <summary>Maps it; the endpoint below must be <see cref="KestrelTls.UseJoinTls"/>.</summary>
    public static IEndpointConventionBuilder MapJoin(this IEndpointRouteBuilder routes, JoinAdmission admission)
    {
        var log = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger<JoinAdmission>();
        return routes.MapPost(JoinJson.Path, (Delegate)((HttpContext http) => AnswerAsync(http, admission, log)));
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, JoinAdmission admission, ILogger log)
    {
        var peer = http.Connection.RemoteIpAddress;
        if (http.Features.Get<IConnectionItemsFeature>() is { } connection) connection.Items[KestrelTls.JoinAsked] = true;
        try
        {
            var request = await ReadAsync(http);
            var certificate = http.Connection.ClientCertificate;
            var grant = await admission.AdmitAsync(request, certificate);
            log.NodeAdmitted(request.Name, request.Address, string.Join(", ", request.Roles),
                certificate is null ? $"token {request.TokenId}" : "its certificate", peer);
            return Results.Json(grant, JoinJson.Options);
        }
        catch (JoinException refusal)
        {
            log.JoinRefused(peer, refusal.Fault, refusal.Message);
            return Results.Json(new JoinRefusal(refusal.Fault, refusal.Message), JoinJson.Options, statusCode: refusal.HttpStatus);
        }
    }

    private static async Task<JoinRequest> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBody;
        try
        {
            var request = await JsonSerializer.DeserializeAsync<JoinRequest>(http.Request.Body, JoinJson.Options, http.RequestAborted);
            if (request is { Name: not null, Address: not null, Roles: not null, Wire: not null, SigningRequest: not null }) return request;
            throw new JoinException(JoinFault.BadRequest,
                "A join request has name, address, roles, wire, clock and signingRequest; one is missing.");
        }
        catch (Exception fault) when (fault is JsonException or BadHttpRequestException)
        {
            throw new JoinException(JoinFault.BadRequest,
                $"The join request cannot be read (JSON of at most {MaxBody / 1024} KiB): {fault.Message}", fault);
        }
    }
}
