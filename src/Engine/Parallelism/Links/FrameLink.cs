using System.Buffers;
using System.Collections.Concurrent;

namespace Grid.Engine.Parallelism.Links;

/// <summary>
/// Sends and receives frames over one stream. Sending never waits for the other side, so that two shards may send each other large tensors
/// at the same time, and any thread may do it. Only one thread receives, within the stream's read timeout.
/// </summary>
internal sealed class FrameLink : IDisposable
{
    private readonly BlockingCollection<(byte[] Data, int Length)> _outgoing = [];
    private readonly Stream _stream;
    private readonly long _epoch;
    private readonly Thread _sender;
    private readonly Lock _order = new();
    private readonly byte[] _header = new byte[FrameHeader.Size];
    private volatile Exception? _failure;
    private long _sent;
    private long _received;

    /// <param name="stream">The stream, which the link owns from now on.</param>
    /// <param name="epoch">The epoch of the plan; frames of another are refused.</param>
    /// <param name="name">The other end, for the thread's name.</param>
    public FrameLink(Stream stream, long epoch, string name)
    {
        (_stream, _epoch) = (stream, epoch);
        _sender = new Thread(SendAll) { Name = $"data plane to {name}", IsBackground = true };
        _sender.Start();
    }

    /// <summary>Sends a frame of up to two parts, without waiting.</summary>
    /// <exception cref="IOException">The link is broken.</exception>
    public void Send(FrameKind kind, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        if (_failure is { } failure) throw new IOException($"The link is broken: {failure.Message}", failure);
        var length = FrameHeader.Size + first.Length + second.Length;
        var frame = ArrayPool<byte>.Shared.Rent(length);
        first.CopyTo(frame.AsSpan(FrameHeader.Size));
        second.CopyTo(frame.AsSpan(FrameHeader.Size + first.Length));
        lock (_order)
        {
            if (_outgoing.IsAddingCompleted) return;
            new FrameHeader(kind, _epoch, _sent++, first.Length + second.Length).Write(frame);
            _outgoing.Add((frame, length));
        }
    }

    /// <summary>Waits for the next frame's header.</summary>
    /// <exception cref="IOException">No frame came in time, or the link is broken.</exception>
    /// <exception cref="InvalidDataException">The frame belongs to another epoch or is out of order.</exception>
    public FrameHeader Receive()
    {
        _stream.ReadExactly(_header);
        var header = FrameHeader.Read(_header);
        if (header.Epoch != _epoch)
            throw new InvalidDataException($"The frame's epoch must be {_epoch}; got {header.Epoch}.");
        if (header.Sequence != _received)
            throw new InvalidDataException($"The frame's number must be {_received}; got {header.Sequence}.");
        _received++;
        return header;
    }

    /// <summary>Reads bytes from the body of the frame whose header was received last.</summary>
    public void ReadBody(Span<byte> destination) => _stream.ReadExactly(destination);

    /// <summary>Reads the whole body of the frame whose header was received last.</summary>
    public byte[] ReadBody(in FrameHeader header)
    {
        var body = new byte[header.Length];
        _stream.ReadExactly(body);
        return body;
    }

    /// <summary>Sends what is queued, then closes the stream.</summary>
    public void Dispose()
    {
        lock (_order) _outgoing.CompleteAdding();
        if (_sender != Thread.CurrentThread) _sender.Join(TimeSpan.FromSeconds(1));
        _stream.Dispose();
    }

    /// <summary>
    /// Closes the stream at once. Any thread may call it: readers and waiting writers get an error. The link must be
    /// disposed nevertheless.
    /// </summary>
    public void Abort()
    {
        lock (_order) _outgoing.CompleteAdding();
        _stream.Dispose();
    }

    private void SendAll()
    {
        foreach (var (data, length) in _outgoing.GetConsumingEnumerable())
        {
            try
            {
                if (_failure is null) _stream.Write(data, 0, length);
            }
            catch (Exception exception)
            {
                _failure = exception;
            }

            ArrayPool<byte>.Shared.Return(data);
        }
    }
}
