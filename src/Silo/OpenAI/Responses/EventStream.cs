using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Grid.Silo.OpenAI.Responses;

/// <summary>
/// Server-sent events, written over one buffer that is kept from event to event. One writer; only <see cref="PingAsync"/> may come from
/// beside.
/// </summary>
internal sealed class EventStream(HttpResponse response) : IDisposable
{
    private const int FirstBuffer = 1024;
    private const int MaxDigits = 20;

    private readonly ArrayBufferWriter<byte> _buffer = new(FirstBuffer);
    private readonly Utf8JsonWriter _json = new(Stream.Null, JsonText.WriterOptions);
    private readonly SemaphoreSlim _sending = new(1);
    private int _numSent;

    /// <summary>Pieces sent so far, without pings.</summary>
    public int NumSent => Volatile.Read(ref _numSent);

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
    public Utf8JsonWriter Begin() => Begin("data: "u8);

    /// <summary>Ends the event that was begun.</summary>
    public void End()
    {
        _json.Flush();
        _buffer.Write("\n\n"u8);
    }

    /// <summary>Begins a comment with progress, as a line of the event that follows.</summary>
    public Utf8JsonWriter BeginComment() => Begin(": grid "u8);

    /// <summary>Ends the comment's line; the event that it belongs to follows.</summary>
    public void EndCommentLine()
    {
        _json.Flush();
        _buffer.Write("\n"u8);
    }

    /// <summary>Ends an event that is only a comment.</summary>
    public void EndComment() => _buffer.Write("\n"u8);

    /// <summary>Adds an event of ready text.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        _buffer.Write("data: "u8);
        _buffer.Write(data);
        _buffer.Write("\n\n"u8);
    }

    /// <summary>Forgets what was not sent, the event in progress included.</summary>
    public void Drop() => _buffer.ResetWrittenCount();

    /// <summary>Sends all events since the last time in one piece, once whatever becomes of it.</summary>
    /// <exception cref="OperationCanceledException">The client has disconnected.</exception>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            response.BodyWriter.Write(_buffer.WrittenSpan);
            _buffer.ResetWrittenCount();
            Volatile.Write(ref _numSent, _numSent + 1);
            var result = await response.BodyWriter.FlushAsync(cancellationToken);
            if (result.IsCompleted || result.IsCanceled) throw new OperationCanceledException("The client has gone.");
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Sends a comment that says that the process lives, and how far its engine is.</summary>
    /// <param name="progress">A number that rises while the engine computes.</param>
    public async ValueTask PingAsync(long progress)
    {
        if (!await _sending.WaitAsync(0)) return;
        try
        {
            WritePing(progress);
            await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
        }
        finally
        {
            _sending.Release();
        }
    }

    private void WritePing(long progress)
    {
        var writer = response.BodyWriter;
        writer.Write(": ping "u8);
        Utf8Formatter.TryFormat(progress, writer.GetSpan(MaxDigits), out var written);
        writer.Advance(written);
        writer.Write("\n\n"u8);
    }

    public void Dispose()
    {
        _json.Dispose();
        _sending.Dispose();
    }

    private Utf8JsonWriter Begin(ReadOnlySpan<byte> field)
    {
        _buffer.Write(field);
        _json.Reset(_buffer);
        return _json;
    }
}
