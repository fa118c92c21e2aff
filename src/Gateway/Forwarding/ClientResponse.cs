using System.Buffers;
using System.Text.Json;
using Grid.Abstractions.Http;
using Grid.Gateway.Ranks;
using Microsoft.Extensions.Primitives;

namespace Grid.Gateway.Forwarding;

/// <summary>The response to the client: a stream of events, one JSON body, or an error. It starts with the first committed event.</summary>
internal sealed class ClientResponse(HttpContext context, bool isStream, TimeSpan slowClientTimeout, TimeProvider timeProvider)
{
    private readonly HttpResponse _response = context.Response;

    /// <summary>Whether the status has been sent.</summary>
    public bool HasStarted { get; private set; }

    public bool IsStream { get; } = isStream;

    /// <summary>Puts an event into the buffer; <see cref="FlushAsync"/> sends it.</summary>
    public void WriteEvent(ReadOnlySpan<byte> data, RankState rank)
    {
        if (!HasStarted) StartStream(rank);
        var writer = _response.BodyWriter;
        writer.Write("data: "u8);
        writer.Write(data);
        writer.Write("\n\n"u8);
    }

    /// <summary>Sends what is buffered, and waits while the client is slow.</summary>
    /// <exception cref="ClientGoneException">The client has disconnected, or has read nothing for the slow client timeout.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var flush = _response.BodyWriter.FlushAsync(cancellationToken);
        try
        {
            var result = flush.IsCompletedSuccessfully
                ? flush.Result
                : await flush.AsTask().WaitAsync(slowClientTimeout, timeProvider, CancellationToken.None);
            if (result.IsCompleted || result.IsCanceled) throw new ClientGoneException("The client has gone.");
        }
        catch (TimeoutException)
        {
            // Its choices would be computed for nobody, and hold what others wait for.
            context.Abort();
            throw new ClientGoneException($"The client has read nothing for {slowClientTimeout.TotalSeconds:0.#} s.");
        }
    }

    /// <summary>Answers a request that does not stream.</summary>
    public async Task WriteJsonAsync(ReadOnlyMemory<byte> json, int status, RankState rank, CancellationToken cancellationToken)
    {
        HasStarted = true;
        Name(rank);
        _response.StatusCode = status;
        _response.ContentType = "application/json; charset=utf-8";
        _response.ContentLength = json.Length;
        await _response.BodyWriter.WriteAsync(json, cancellationToken);
    }

    /// <summary>Passes a rank's error response on as it is.</summary>
    public async Task CopyAsync(HttpResponseMessage answer, RankState rank, CancellationToken cancellationToken)
    {
        HasStarted = true;
        Name(rank);
        _response.StatusCode = (int)answer.StatusCode;
        _response.ContentType = answer.Content.Headers.ContentType?.ToString();
        if (answer.Headers.TryGetValues("Retry-After", out var seconds)) _response.Headers.RetryAfter = new StringValues([.. seconds]);
        await answer.Content.CopyToAsync(_response.Body, cancellationToken);
    }

    /// <summary>Ends a stream that has begun with an error.</summary>
    public async Task FailAsync(ApiException error, CancellationToken cancellationToken)
    {
        var writer = _response.BodyWriter;
        writer.Write("data: "u8);
        writer.Write(ApiErrorWriter.ToJson(error));
        writer.Write("\n\n"u8);
        await writer.FlushAsync(cancellationToken);
    }

    /// <summary>The status for an error object that a rank sent inside its stream.</summary>
    public static int StatusOf(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("type"u8)) continue;
            reader.Read();
            if (reader.ValueTextEquals("invalid_request_error"u8)) return StatusCodes.Status400BadRequest;
            return reader.ValueTextEquals("rate_limit_error"u8)
                ? StatusCodes.Status429TooManyRequests
                : StatusCodes.Status500InternalServerError;
        }

        return StatusCodes.Status500InternalServerError;
    }

    private void StartStream(RankState rank)
    {
        HasStarted = true;
        Name(rank);
        _response.ContentType = "text/event-stream; charset=utf-8";
        _response.Headers.CacheControl = "no-cache";
        // Proxies must not hold events back.
        _response.Headers["X-Accel-Buffering"] = "no";
    }

    private void Name(RankState rank)
    {
        _response.Headers[GridHeaders.Node] = Uri.EscapeDataString(rank.Route.Node);
        _response.Headers[GridHeaders.Rank] = RankHeader.Format(rank.Route.Id);
    }
}
