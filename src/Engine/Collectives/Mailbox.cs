using System.Buffers;
using System.Diagnostics;
using Grid.Primitives.Timing;

namespace Grid.Engine.Collectives;

/// <summary>Copies of tensors on their way from one thread to another, in the order they were sent.</summary>
internal sealed class Mailbox
{
    private readonly Queue<(byte[] Data, int Length)> _items = new();
    private readonly Signal _signal = new();
    private bool _failed;

    /// <summary>Why the other side is gone; null: it gave no reason.</summary>
    public Exception? Cause { get; private set; }

    public void Fail(Exception? cause)
    {
        lock (_signal) (_failed, Cause) = (true, Cause ?? cause);
        _signal.Notify();
    }

    public void Post(ReadOnlySpan<byte> data)
    {
        var copy = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(copy);
        lock (_signal) _items.Enqueue((copy, data.Length));
        _signal.Notify();
    }

    /// <summary>Takes the next copy.</summary>
    /// <param name="destination">Receives the bytes of the copy, and must have its length.</param>
    /// <param name="deadline">When to stop waiting for a copy.</param>
    /// <param name="arrived">When the wait ended, by <see cref="Stopwatch"/>.</param>
    public MailResult Take(Span<byte> destination, Deadline deadline, out long arrived)
    {
        (byte[] Data, int Length) item;
        arrived = 0;
        lock (_signal)
        {
            if (!_signal.WaitUntil(this, static mailbox => mailbox._items.Count > 0 || mailbox._failed, deadline)) return MailResult.Late;
            if (!_items.TryDequeue(out item)) return MailResult.Gone;
        }

        arrived = Stopwatch.GetTimestamp();
        var fits = item.Length == destination.Length;
        if (fits) item.Data.AsSpan(0, item.Length).CopyTo(destination);
        ArrayPool<byte>.Shared.Return(item.Data);
        return fits ? MailResult.Taken : MailResult.WrongSize;
    }
}
