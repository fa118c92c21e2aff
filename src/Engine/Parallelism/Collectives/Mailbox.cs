using System.Buffers;
using System.Diagnostics;

namespace Grid.Engine.Parallelism.Collectives;

/// <summary>Copies of tensors on their way from one thread to another, in order.</summary>
internal sealed class Mailbox
{
    private readonly Queue<(byte[] Data, int Length)> _items = new();
    private readonly object _gate = new();
    private bool _failed;

    /// <summary>Why the other side is gone; null: it ended without a word.</summary>
    public Exception? Cause { get; private set; }

    public void Fail(Exception? cause)
    {
        lock (_gate)
        {
            (_failed, Cause) = (true, Cause ?? cause);
            Monitor.PulseAll(_gate);
        }
    }

    public void Post(ReadOnlySpan<byte> data)
    {
        var copy = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(copy);
        lock (_gate)
        {
            _items.Enqueue((copy, data.Length));
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes the next copy.</summary>
    /// <param name="destination">Takes it.</param>
    /// <param name="timeout">How long to wait for it.</param>
    /// <param name="arrived">When the wait ended.</param>
    /// <returns>Whether it came in time and has the right length.</returns>
    public MailResult Take(Span<byte> destination, TimeSpan timeout, out long arrived)
    {
        (byte[] Data, int Length) item;
        arrived = 0;
        lock (_gate)
        {
            var end = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
            while (!_items.TryDequeue(out item))
            {
                if (_failed) return MailResult.Gone;
                var left = end - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_gate, (int)Math.Min(left, int.MaxValue))) return MailResult.Late;
            }
        }

        arrived = Stopwatch.GetTimestamp();
        var fits = item.Length == destination.Length;
        if (fits) item.Data.AsSpan(0, item.Length).CopyTo(destination);
        ArrayPool<byte>.Shared.Return(item.Data);
        return fits ? MailResult.Taken : MailResult.WrongSize;
    }
}
