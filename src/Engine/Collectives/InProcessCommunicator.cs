using System.Diagnostics;
using Grid.Engine.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Grid.Engine.Collectives;

/// <summary>A member of a group of threads of one process, which read each other's memory.</summary>
internal sealed unsafe class InProcessCommunicator(InProcessGroup group, int index) : ICommunicator
{
    private int _turn;

    public int Index => index;

    public int Size => group.Size;

    public long Step { get; set; }

    public CollectiveTimes Times { get; set; } = new();

    public void AllReduce(Tensor x)
    {
        RequireHost(x);
        var count = x.numel();
        var scratch = group.Scratch[_turn++ & 1];
        Publish(x);
        // One member makes room; the others must not look before.
        if (index == 0) scratch.EnsureCapacity(count);
        var begun = Meet(CollectiveOperation.AllReduce);
        var (first, last) = (count * index / Size, count * (index + 1) / Size);
        if (x.dtype == ScalarType.BFloat16) Sums.Add<BFloat16Element>(group.Pointers, first, last, scratch.Pointer);
        else Sums.Add<Float32Element>(group.Pointers, first, last, scratch.Pointer);
        Times.Copied(begun);
        begun = Meet(CollectiveOperation.AllReduce);
        if (x.dtype == ScalarType.BFloat16) Sums.Store<BFloat16Element>(scratch.Pointer, x.Data(), count);
        else Sums.Store<Float32Element>(scratch.Pointer, x.Data(), count);
        Times.Copied(begun);
        GC.KeepAlive(x);
    }

    public Tensor AllGather(Tensor x)
    {
        RequireHost(x);
        Publish(x);
        var begun = Meet(CollectiveOperation.AllGather);
        var (rows, bytes) = (x.size(0), x.size(1) * x.element_size());
        var result = empty(rows, x.size(1) * Size, x.dtype);
        for (var row = 0L; row < rows; row++)
            for (var other = 0; other < Size; other++)
                Buffer.MemoryCopy((byte*)group.Pointers[other] + row * bytes, (byte*)result.Data() + (row * Size + other) * bytes, bytes,
                    bytes);
        Times.Copied(begun);
        // The others may still read.
        Meet(CollectiveOperation.AllGather);
        GC.KeepAlive(x);
        return result;
    }

    public void Broadcast(Tensor x, int root)
    {
        RequireHost(x);
        Publish(x);
        var begun = Meet(CollectiveOperation.Broadcast);
        var bytes = x.numel() * x.element_size();
        if (index != root) Buffer.MemoryCopy((void*)group.Pointers[root], x.Data(), bytes, bytes);
        Times.Copied(begun);
        Meet(CollectiveOperation.Broadcast);
        GC.KeepAlive(x);
    }

    public void Send(Tensor x, int to)
    {
        RequireHost(x);
        var begun = Stopwatch.GetTimestamp();
        group.MailboxOf(index, to).Post(x.Bytes());
        Times.Copied(begun);
        GC.KeepAlive(x);
    }

    public void Receive(Tensor x, int from)
    {
        RequireHost(x);
        var begun = Stopwatch.GetTimestamp();
        var mailbox = group.MailboxOf(from, index);
        switch (mailbox.Take(x.Bytes(), group.Barrier.NewDeadline(), out var arrived))
        {
            case MailResult.Late:
                throw CollectiveException.TimedOut("receive", Step, group.Barrier.Timeout, [group.Names[from]]);
            case MailResult.Gone:
                throw CollectiveException.Broken("receive", Step, group.Names[from], mailbox.Cause);
            case MailResult.WrongSize:
                throw new CollectiveException(
                    $"receive at step {Step} failed: shard {group.Names[from]} must send {x.numel() * x.element_size()} bytes; got "
                    + "another size");
            default: break;
        }

        Times.Waited(CollectiveOperation.Receive, begun, arrived);
        Times.Copied(arrived);
        GC.KeepAlive(x);
    }

    // The group and its buffers are shared: there is nothing of its own to release.
    public void Dispose()
    {
    }

    private static void RequireHost(Tensor x)
    {
        if (x.device_type != DeviceType.CPU || !x.is_contiguous())
            throw new ArgumentException("Threads of one process exchange contiguous host tensors.", nameof(x));
    }

    private void Publish(Tensor x) => group.Pointers[index] = (nint)x.Data();

    private long Meet(CollectiveOperation operation)
    {
        var begun = Stopwatch.GetTimestamp();
        group.Barrier.Arrive(index, CollectiveTimes.NameOf(operation), Step);
        return Times.Waited(operation, begun);
    }
}
