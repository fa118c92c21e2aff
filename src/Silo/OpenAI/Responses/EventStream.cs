using System.Buffers;
using System.Text.Json;

namespace Grid.Silo.OpenAI.Responses;

/// <summary>Server-sent events, written over one buffer that is kept from event to event.</summary>
internal sealed class EventStream(HttpResponse response) : IDisposable
{
    private const int FirstBuffer = 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(FirstBuffer);
    private readonly Utf8JsonWriter _json = new(Stream.Null, JsonText.WriterOptions);

    /// <summary>Sends the head of the answer.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        // Proxies must not hold events back.
        response.Headers["X-Accel-Buffering"] = "no";
        await response.StartAsync(cancellationToken);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    /// <summary>Begins an event of one JSON object.</summary>
    public Utf8JsonWriter Begin()
    {
        _buffer.Write("data: "u8);
        _json.Reset(_buffer);
        return _json;
    }

    /// <summary>Ends the event that was begun.</summary>
    public void End()
    {
        _json.Flush();
        _buffer.Write("\n\n"u8);
    }

    /// <summary>Adds an event of ready text.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        _buffer.Write("data: "u8);
        _buffer.Write(data);
        _buffer.Write("\n\n"u8);
    }

    /// <summary>Sends all events since the last time in one piece.</summary>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        var result = await response.BodyWriter.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _buffer.ResetWrittenCount();
        if (result.IsCompleted || result.IsCanceled) throw new OperationCanceledException("The client has gone.");
    }

    public void Dispose() => _json.Dispose();
}
