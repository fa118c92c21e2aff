using System.Diagnostics;
using System.Net.Sockets;
using Grid.Engine.Collectives;
using Grid.Engine.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Links;

/// <summary>
/// A member of a group whose members are in different processes. Each sends its part to every other, and all add in the order of indexes,
/// so the bits are those of one process.
/// </summary>
/// <param name="names">The members' names in the order of their indexes, such as <c>tp1 (node-b)</c>, for errors.</param>
/// <param name="links">The links to the members in the order of their indexes; null at this member's own index.</param>
/// <param name="timeout">The links' read timeout.</param>
/// <param name="time">The clock by which long waits are noticed.</param>
internal sealed unsafe class StreamCommunicator(
    int index, IReadOnlyList<string> names, FrameLink?[] links, TimeSpan timeout, TimeProvider time) : ICommunicator
{
    private readonly NativeBuffer<byte>[] _parts = [.. names.Select(_ => new NativeBuffer<byte>())];
    private readonly NativeBuffer<float> _sum = new();
    private readonly nint[] _pointers = new nint[names.Count];

    public int Index => index;

    public int Size => names.Count;

    public long Step { get; set; }

    public CollectiveTimes Times { get; set; } = new();

    public void AllReduce(Tensor x)
    {
        Exchange(CollectiveOperation.AllReduce, x);
        var begun = Stopwatch.GetTimestamp();
        var count = x.numel();
        _sum.EnsureCapacity(count);
        if (x.dtype == ScalarType.BFloat16)
        {
            Sums.Add<BFloat16Element>(_pointers, 0, count, _sum.Pointer);
            Sums.Store<BFloat16Element>(_sum.Pointer, x.Data(), count);
        }
        else
        {
            Sums.Add<Float32Element>(_pointers, 0, count, _sum.Pointer);
            Sums.Store<Float32Element>(_sum.Pointer, x.Data(), count);
        }

        Times.Copied(begun);
        GC.KeepAlive(x);
    }

    public Tensor AllGather(Tensor x)
    {
        Exchange(CollectiveOperation.AllGather, x);
        var begun = Stopwatch.GetTimestamp();
        var (rows, bytes) = (x.size(0), x.size(1) * x.element_size());
        var result = empty(rows, x.size(1) * Size, x.dtype);
        for (var row = 0L; row < rows; row++)
            for (var other = 0; other < Size; other++)
                Buffer.MemoryCopy((byte*)_pointers[other] + row * bytes, (byte*)result.Data() + (row * Size + other) * bytes, bytes, bytes);
        Times.Copied(begun);
        GC.KeepAlive(x);
        return result;
    }

    public void Broadcast(Tensor x, int root)
    {
        if (index != root) ReadInto(CollectiveOperation.Broadcast, x.Bytes(), root);
        else
            for (var other = 0; other < Size; other++)
                if (other != index) SendTo(CollectiveOperation.Broadcast, x, other);
        GC.KeepAlive(x);
    }

    public void Send(Tensor x, int to) => SendTo(CollectiveOperation.Send, x, to);

    public void Receive(Tensor x, int from)
    {
        ReadInto(CollectiveOperation.Receive, x.Bytes(), from);
        GC.KeepAlive(x);
    }

    public void Dispose()
    {
        foreach (var link in links) link?.Dispose();
        foreach (var part in _parts) part.Dispose();
        _sum.Dispose();
    }

    private void Exchange(CollectiveOperation operation, Tensor x)
    {
        if (x.device_type != DeviceType.CPU || !x.is_contiguous())
            throw new ArgumentException("Processes exchange contiguous host tensors.", nameof(x));
        for (var other = 0; other < Size; other++)
            if (other != index) SendTo(operation, x, other);
        var length = x.Bytes().Length;
        for (var other = 0; other < Size; other++)
        {
            if (other == index)
            {
                _pointers[other] = (nint)x.Data();
                continue;
            }

            _parts[other].EnsureCapacity(length);
            ReadInto(operation, new Span<byte>(_parts[other].Pointer, length), other);
            _pointers[other] = (nint)_parts[other].Pointer;
        }
    }

    private void SendTo(CollectiveOperation operation, Tensor x, int other)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            links[other]!.Send(FrameKind.Tensor, x.Bytes());
            Times.Copied(begun);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw CollectiveException.Broken(CollectiveTimes.NameOf(operation), Step, names[other], exception);
        }
    }

    private void ReadInto(CollectiveOperation operation, Span<byte> destination, int other)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            Times.Wait.Begin(operation, Step, names[other], time, time.GetTimestamp());
            var header = links[other]!.Receive();
            begun = Times.Waited(operation, begun);
            if (header.Kind != FrameKind.Tensor || header.Length != destination.Length)

                throw new InvalidDataException(
                    $"The frame must be a Tensor of {destination.Length} bytes; got a {header.Kind} of {header.Length} bytes.");
            links[other]!.ReadBody(destination);
            Times.Copied(begun);
        }
        catch (Exception exception) when (IsTimeout(exception))
        {
            throw CollectiveException.TimedOut(CollectiveTimes.NameOf(operation), Step, timeout, [names[other]]);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidDataException)
        {
            throw CollectiveException.Broken(CollectiveTimes.NameOf(operation), Step, names[other], exception);
        }
        finally
        {
            Times.Wait.End();
        }
    }

    private static bool IsTimeout(Exception exception) =>
        exception is IOException { InnerException: SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock } };
}
