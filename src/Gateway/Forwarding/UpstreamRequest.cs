using System.Globalization;
using System.Net.Http.Headers;
using Grid.Abstractions.Http;
using Grid.Gateway.Routing;

namespace Grid.Gateway.Forwarding;

/// <summary>What a silo is sent: the client's request as it is, or a resume.</summary>
internal static class UpstreamRequest
{
    private const string ResumePath = "/internal/v1/resume";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static HttpRequestMessage Create(RelayState state, RankState rank)
    {
        var route = rank.Route;
        var message = new HttpRequestMessage(HttpMethod.Post, route.Url.TrimEnd('/') + (state.IsBegun ? ResumePath : state.Path))
        {
            Content = new ReadOnlyMemoryContent(state.IsBegun ? ResumeBody.Write(state, route.Epoch) : state.Body),
        };
        message.Content.Headers.ContentType = Json;
        Add(message, GridHeaders.Rank, RankHeader.Format(route.Id));
        Add(message, GridHeaders.Epoch, Number(route.Epoch));
        Add(message, GridHeaders.Attempt, Number(state.Attempt));
        Add(message, GridHeaders.Seed, Number(state.Seed));
        Add(message, GridHeaders.Created, Number(state.Created));
        Add(message, GridHeaders.RequestId, state.RequestId);
        return message;
    }

    private static void Add(HttpRequestMessage message, string name, string value) => message.Headers.TryAddWithoutValidation(name, value);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
