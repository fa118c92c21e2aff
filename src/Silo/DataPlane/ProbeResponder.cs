using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Grid.Silo.DataPlane;

/// <summary>
/// Answers probes: takes what is sent and returns as much as is asked for. One link at a time, each of bounded bytes and time, and after
/// each a rest of the same length: endless probes take at most half of the bandwidth.
/// </summary>
internal sealed class ProbeResponder : IDisposable
{
    /// <summary>A request: the number of bytes that follow, then the number of bytes to send back, each an int32.</summary>
    public const int RequestSize = 8;

    /// <summary>Most bytes of a request or an answer.</summary>
    public const int MaxPart = 1 << 20;

    /// <summary>Most bytes of a link.</summary>
    public const long MaxBytes = 64L << 20;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Answers until the other closes the link.</summary>
    /// <exception cref="InvalidDataException">It asks for more than it may.</exception>
    public async Task ServeAsync(Stream link, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        var start = Stopwatch.GetTimestamp();
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(MaxTime);
            await AnswerAllAsync(link, patience.Token);
        }
        finally
        {
            _ = RestAsync(Stopwatch.GetElapsedTime(start), cancellation);
        }
    }

    public void Dispose() => _turn.Dispose();

    private static async Task AnswerAllAsync(Stream link, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxPart);
        try
        {
            for (var total = 0L; ;)
            {
                await link.ReadExactlyAsync(buffer.AsMemory(0, RequestSize), cancellation);
                var (sent, wanted) = (BinaryPrimitives.ReadInt32LittleEndian(buffer),
                    BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(4)));
                if (sent is < 0 or > MaxPart || wanted is < 0 or > MaxPart || (total += sent + wanted) > MaxBytes)
                    throw new InvalidDataException($"A probe may carry {MaxPart} bytes in a part and {MaxBytes} in all.");
                await link.ReadExactlyAsync(buffer.AsMemory(0, sent), cancellation);
                await link.WriteAsync(buffer.AsMemory(0, wanted), cancellation);
                await link.FlushAsync(cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task RestAsync(TimeSpan time, CancellationToken cancellation)
    {
        // A waiting one is ended by the token.
        await Task.Delay(time, cancellation).ContinueWith(static _ => { }, TaskScheduler.Default);
        if (!cancellation.IsCancellationRequested) _turn.Release();
    }
}
