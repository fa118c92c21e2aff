using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Client.Requests;
using Grid.Client.Streaming;

namespace Grid.Client;

/// <summary>A typed client of the OpenAI-compatible API. Safe to call from any thread.</summary>
/// <param name="http">The HTTP client; its time limit must suit long streams.</param>
/// <param name="address">The server, such as <c>http://127.0.0.1:8000</c>; OpenAI's base URL, which ends in <c>/v1</c>, is the
/// same.</param>
/// <param name="apiKey">The API key, sent as a bearer token; null for none.</param>
public sealed class GridClient(HttpClient http, Uri address, string? apiKey = null)
{
    private const string EndOfStream = "[DONE]";

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Uri _address = Root(address);

    /// <summary>The models that the server serves.</summary>
    public async Task<IReadOnlyList<ModelCard>> GetModelsAsync(CancellationToken cancellation = default)
    {
        using var response = await SendAsync(HttpMethod.Get, "v1/models", null, cancellation);
        return (await ReadAsync<ModelList>(response, cancellation)).Data;
    }

    /// <summary>The ids of a text, without special tokens.</summary>
    public async Task<IReadOnlyList<int>> TokenizeAsync(string model, string prompt, CancellationToken cancellation = default)
    {
        var body = JsonContent.Create(new { Model = model, Prompt = prompt, AddSpecialTokens = false }, options: Form);
        using var response = await SendAsync(HttpMethod.Post, "tokenize", body, cancellation);
        return (await ReadAsync<TokenizeAnswer>(response, cancellation)).Tokens;
    }

    /// <summary>Posts a request that does not stream and returns the answer's JSON as it came.</summary>
    /// <exception cref="GridClientException">The server refused it.</exception>
    public async Task<string> PostAsync(string path, GenerationRequest request, CancellationToken cancellation = default)
    {
        using var response = await SendAsync(HttpMethod.Post, path, Body(request), cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>Streams a chat's answer.</summary>
    /// <exception cref="GridClientException">The server refused it, or the stream ended with an error.</exception>
    public IAsyncEnumerable<GenerationChunk> StreamAsync(ChatRequest request, CancellationToken cancellation = default) =>
        StreamAsync("v1/chat/completions", request, cancellation);

    /// <summary>Streams a completion.</summary>
    /// <exception cref="GridClientException">The server refused it, or the stream ended with an error.</exception>
    public IAsyncEnumerable<GenerationChunk> StreamAsync(CompletionRequest request, CancellationToken cancellation = default) =>
        StreamAsync("v1/completions", request, cancellation);

    /// <summary>Streams from a path of one's own; the stream counts its tokens at its end.</summary>
    /// <exception cref="GridClientException">The server refused it, the stream ended with an error, or it was aborted.</exception>
    public async IAsyncEnumerable<GenerationChunk> StreamAsync(string path, GenerationRequest request,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var streamed = request with { Stream = true, StreamOptions = new StreamOptions(IncludeUsage: true) };
        using var response = await SendAsync(HttpMethod.Post, path, Body(streamed), cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
        {
            if (item.Data == EndOfStream) yield break;
            var chunk = JsonSerializer.Deserialize<WireChunk>(item.Data, Form)!;
            if (chunk.Error is { } error) throw new GridClientException(null, error.Message ?? item.Data, error.Param, error.Code);
            foreach (var part in chunk.Chunks) yield return part;
        }

        throw new GridClientException(null, "The stream was aborted before its end.");
    }

    private static Uri Root(Uri address)
    {
        const string version = "/v1";
        var text = address.AbsoluteUri.TrimEnd('/');
        return new Uri((text.EndsWith(version, StringComparison.Ordinal) ? text[..^version.Length] : text) + "/");
    }

    private static JsonContent Body(GenerationRequest request) => JsonContent.Create(request, request.GetType(), options: Form);

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation) =>
        await response.Content.ReadFromJsonAsync<T>(Form, cancellation)
        ?? throw new GridClientException(response.StatusCode, "The server sent an empty answer.");

    private static async Task<GridClientException> FaultAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        try
        {
            if (JsonSerializer.Deserialize<WireErrorBody>(text, Form)?.Error is { Message: not null } error)
                return new GridClientException(response.StatusCode, error.Message, error.Param, error.Code);
        }
        catch (JsonException)
        {
            // The answer is some proxy's page: its status says it all.
        }

        return new GridClientException(response.StatusCode, $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(_address, path.TrimStart('/'))) { Content = body };
        if (apiKey is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode == HttpStatusCode.OK) return response;
        using (response) throw await FaultAsync(response, cancellation);
    }
}
