using System.Globalization;
using System.Net.Http.Headers;
using Grid.Abstractions.Http;
using Grid.Gateway.Ranks;

namespace Grid.Gateway.Forwarding;

/// <summary>What a silo is sent: the client's request as it is, or a resume.</summary>
internal static class UpstreamRequest
{
    private const string ResumePath = "/internal/v1/resume";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static HttpRequestMessage Create(GatewayRequest request, RankState rank)
    {
        var route = rank.Route;
        var message = new HttpRequestMessage(HttpMethod.Post, route.Url.TrimEnd('/') + (request.IsBegun ? ResumePath : request.Path))
        {
            Content = new ReadOnlyMemoryContent(request.IsBegun ? ResumeBody.Write(request, route.Epoch) : request.Body),
        };
        message.Content.Headers.ContentType = Json;
        Add(message, GridHeaders.Rank, RankHeader.Format(route.Id));
        Add(message, GridHeaders.Epoch, Number(route.Epoch));
        Add(message, GridHeaders.Attempt, Number(request.Attempt));
        Add(message, GridHeaders.Seed, Number(request.Seed));
        Add(message, GridHeaders.Created, Number(request.Created));
        if (request.CacheSalt is { } salt) Add(message, GridHeaders.CacheSalt, salt);
        Add(message, GridHeaders.RequestId, request.RequestId);
        return message;
    }

    private static void Add(HttpRequestMessage message, string name, string value) => message.Headers.TryAddWithoutValidation(name, value);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
