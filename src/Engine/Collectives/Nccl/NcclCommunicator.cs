using System.Diagnostics;
using System.Runtime.InteropServices;
using Grid.Engine.Kernels;
using static TorchSharp.torch;

namespace Grid.Engine.Collectives.Nccl;

/// <summary>
/// A member of a group whose members have a CUDA device each. NCCL puts an operation on libtorch's stream, and this waits for the stream,
/// so that an operation has a deadline: past it the communicator is aborted and cannot be used again. NCCL chooses the order and the
/// precision of a sum: its bits are the same on all members, but may differ from those that the other communicators compute.
/// </summary>
internal sealed unsafe class NcclCommunicator(NcclGroup group, int index, IDeviceStream stream) : ICommunicator
{
    private const int Add = 0;

    private readonly NcclLibrary _library = group.Library;
    private readonly NcclConnection _connection = new(group.Library, stream, group.Barrier.Timeout, group.Time);

    public int Index => index;

    public int Size => group.Names.Count;

    public long Step { get; set; }

    // The host waits for the device: all time in an operation is a wait, and copies cannot be separated from it.
    public CollectiveTimes Times { get; set; } = new();

    public void AllReduce(Tensor x)
    {
        const string operation = "all_reduce";
        var begun = Stopwatch.GetTimestamp();
        var type = TypeOf(x);
        Meet(operation);
        var (handle, current) = Begin(operation);
        End(operation, _library.AllReduce(x.Data(), x.Data(), (nuint)x.numel(), type, Add, handle, current), current);
        Times.Waited(CollectiveOperation.AllReduce, begun);
        GC.KeepAlive(x);
    }

    public Tensor AllGather(Tensor x)
    {
        const string operation = "all_gather";
        var begun = Stopwatch.GetTimestamp();
        var type = TypeOf(x);
        Meet(operation);
        using var parts = empty(Size, x.size(0), x.size(1), x.dtype, x.device);
        var (handle, current) = Begin(operation);
        End(operation, _library.AllGather(x.Data(), parts.Data(), (nuint)x.numel(), type, handle, current), current);
        Times.Waited(CollectiveOperation.AllGather, begun);
        GC.KeepAlive(x);
        using var rows = parts.permute(1, 0, 2);
        return rows.reshape(x.size(0), x.size(1) * Size);
    }

    public void Broadcast(Tensor x, int root)
    {
        const string operation = "broadcast";
        var begun = Stopwatch.GetTimestamp();
        var type = TypeOf(x);
        Meet(operation);
        var (handle, current) = Begin(operation);
        End(operation, _library.Broadcast(x.Data(), x.Data(), (nuint)x.numel(), type, root, handle, current), current);
        Times.Waited(CollectiveOperation.Broadcast, begun);
        GC.KeepAlive(x);
    }

    /// <summary>
    /// Puts the operation on the stream, where later work waits until the other member has taken the tensor. The first one to a member
    /// waits for it here, because that is when NCCL connects them.
    /// </summary>
    public void Send(Tensor x, int to)
    {
        const string operation = "send";
        var begun = Stopwatch.GetTimestamp();
        var type = TypeOf(x);
        Connect(operation);
        var size = SizeOf(x);
        group.MailboxOf(index, to).Post(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in size)));
        var (handle, current) = Begin(operation, to);
        End(operation, _library.Send(x.Data(), (nuint)x.numel(), type, to, handle, current), null, to);
        Times.Waited(CollectiveOperation.Send, begun);
        GC.KeepAlive(x);
    }

    public void Receive(Tensor x, int from)
    {
        const string operation = "receive";
        var begun = Stopwatch.GetTimestamp();
        var type = TypeOf(x);
        Connect(operation);
        Expect(operation, SizeOf(x), from);
        var (handle, current) = Begin(operation, from);
        End(operation, _library.Receive(x.Data(), (nuint)x.numel(), type, from, handle, current), current, from);
        Times.Waited(CollectiveOperation.Receive, begun);
        GC.KeepAlive(x);
    }

    /// <summary>Ends whatever this member waits for. Any thread may call it.</summary>
    public void Abort() => _connection.Abort();

    public void Dispose() => _connection.Dispose();

    private static long SizeOf(Tensor x) => x.numel() * x.element_size();

    private NcclDataType TypeOf(Tensor x)
    {
        if (x.device_type != stream.Type || !x.is_contiguous())
            throw new ArgumentException($"NCCL exchanges contiguous tensors of a {stream.Type} device.", nameof(x));
        return NcclDataTypes.Of(x.dtype);
    }

    // NCCL would wait for a missing member, and cannot say which one it is.
    private void Meet(string operation)
    {
        Connect(operation);
        group.Barrier.Arrive(index, operation, Step);
    }

    // All members come here in their first operation, whichever it is.
    private void Connect(string operation)
    {
        if (_connection.IsOpen || _connection.IsAborted) return;
        group.Barrier.Arrive(index, operation, Step);
        try
        {
            if (!_connection.Open(Size, group.Id, index)) throw Late(operation);
        }
        catch (InvalidOperationException exception)
        {
            throw Failed(operation, exception.Message, exception);
        }
    }

    private void Expect(string operation, long size, int from)
    {
        long sent = 0;
        var mailbox = group.MailboxOf(from, index);
        switch (mailbox.Take(MemoryMarshal.AsBytes(new Span<long>(ref sent)), group.Barrier.NewDeadline(), out _))
        {
            case MailResult.Late: throw Late(operation, from);
            case MailResult.Gone: throw CollectiveException.Broken(operation, Step, group.Names[from], mailbox.Cause);
            default: break;
        }

        if (sent != size)
            throw new CollectiveException(
                $"{operation} at step {Step} failed: shard {group.Names[from]} must send {size} bytes; got {sent}");
    }

    private (nint Handle, nint Stream) Begin(string operation, int? peer = null)
    {
        // A default stream is that of the thread's device, which need not be the member's.
        stream.Activate();
        var current = stream.Handle;
        return _connection.Begin(out var handle) ? (handle, current) : throw Aborted(operation, peer);
    }

    private void End(string operation, int code, nint? current, int? peer = null)
    {
        try
        {
            code = _connection.End(code, current);
        }
        catch (InvalidOperationException exception)
        {
            throw Failed(operation, exception.Message, exception);
        }

        if (_connection.IsAborted) throw Aborted(operation, peer);
        if (code != 0) throw Failed(operation, _library.Explain(code));
    }

    private CollectiveException Failed(string operation, string message, Exception? cause = null) =>
        new($"{operation} at step {Step} failed on shard {group.Names[index]}: {message}", cause);

    private CollectiveException Aborted(string operation, int? peer) => !_connection.IsLate && group.Failure is { } failure
        ? CollectiveException.Broken(operation, Step, group.Names[failure.Index], failure.Cause)
        : Late(operation, peer);

    private CollectiveException Late(string operation, int? peer = null) => CollectiveException.TimedOut(
        operation,
        Step,
        group.Barrier.Timeout,
        peer is { } one ? [group.Names[one]]
            : group.Names.Where((_, other) => other != index));
}
