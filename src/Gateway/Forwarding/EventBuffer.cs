using System.Buffers;

namespace Grid.Gateway.Forwarding;

/// <summary>Cuts a stream's bytes into whole events; an event without its blank line is never returned.</summary>
internal sealed class EventBuffer : IDisposable
{
    private const int FirstBytes = 8 << 10;

    /// <summary>A larger event is a fault of the sender.</summary>
    private const int MaxBytes = 256 << 20;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _start;
    private int _end;
    private int _scanned;

    /// <summary>Memory for the next bytes.</summary>
    /// <exception cref="InvalidDataException">An event is too large.</exception>
    public Memory<byte> Free()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_scanned, _end, _start) = (_scanned - _start, _end - _start, 0);
        }

        if (_end == _bytes.Length)
        {
            if (_end >= MaxBytes) throw new InvalidDataException($"An event may have at most {MaxBytes} bytes.");
            var larger = ArrayPool<byte>.Shared.Rent(2 * _end);
            _bytes.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Adds the bytes that were written to <see cref="Free"/>.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>The next whole event without its blank line; it lives until the next <see cref="Free"/>.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> taken)
    {
        var from = Math.Max(_start, _scanned - 1);
        var at = _bytes.AsSpan(from, _end - from).IndexOf("\n\n"u8);
        if (at < 0)
        {
            _scanned = _end;
            taken = default;
            return false;
        }

        taken = _bytes.AsMemory(_start, from + at - _start);
        _start = _scanned = from + at + 2;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        (_start, _end, _scanned) = (0, 0, 0);
    }
}
