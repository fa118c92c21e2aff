using System.Diagnostics;
using Grid.Engine.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Collectives;

/// <summary>Ranks as threads of one process: they read each other's memory.</summary>
internal sealed unsafe class InProcessCommunicator(InProcessGroup group, int rank) : ICommunicator
{
    private int _turn;

    public int Rank => rank;

    public int Size => group.Size;

    public long Step { get; set; }

    public CollectiveTimes Times { get; set; } = new();

    public void AllReduce(Tensor x)
    {
        RequireHost(x);
        var count = x.numel();
        var scratch = group.Scratch[_turn++ & 1];
        Publish(x);
        // One rank makes room; the others must not look before.
        if (rank == 0) scratch.EnsureCapacity(count);
        var begun = Meet(CollectiveOperation.AllReduce);
        var (first, last) = (count * rank / Size, count * (rank + 1) / Size);
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
                Buffer.MemoryCopy((byte*)group.Pointers[other] + row * bytes, (byte*)result.Data() + (row * Size + other) * bytes, bytes, bytes);
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
        if (rank != root) Buffer.MemoryCopy((void*)group.Pointers[root], x.Data(), bytes, bytes);
        Times.Copied(begun);
        Meet(CollectiveOperation.Broadcast);
        GC.KeepAlive(x);
    }

    public void Send(Tensor x, int to)
    {
        RequireHost(x);
        var begun = Stopwatch.GetTimestamp();
        group.MailboxOf(rank, to).Post(Bytes(x));
        Times.Copied(begun);
        GC.KeepAlive(x);
    }

    public void Receive(Tensor x, int from)
    {
        RequireHost(x);
        var begun = Stopwatch.GetTimestamp();
        var mailbox = group.MailboxOf(from, rank);
        switch (mailbox.Take(Bytes(x), group.Barrier.Timeout, out var arrived))
        {
            case MailResult.Late: throw CollectiveException.TimedOut("receive", Step, group.Barrier.Timeout, [group.Names[from]]);
            case MailResult.Gone: throw CollectiveException.Broken("receive", Step, group.Names[from], mailbox.Cause);
            case MailResult.WrongSize: throw new CollectiveException($"receive step {Step} failed: rank {group.Names[from]} sent another size than {x.numel() * x.element_size()} bytes");
            default: break;
        }

        Times.Waited(CollectiveOperation.Receive, begun, arrived);
        Times.Copied(arrived);
        GC.KeepAlive(x);
    }

    public void Dispose()
    {
    }

    private static Span<byte> Bytes(Tensor x) => new(x.Data(), checked((int)(x.numel() * x.element_size())));

    private static void RequireHost(Tensor x)
    {
        if (x.device_type != DeviceType.CPU || !x.is_contiguous()) throw new ArgumentException("Threads of one process exchange contiguous host tensors.", nameof(x));
    }

    private void Publish(Tensor x) => group.Pointers[rank] = (nint)x.Data();

    private long Meet(CollectiveOperation operation)
    {
        var begun = Stopwatch.GetTimestamp();
        group.Barrier.Arrive(rank, CollectiveTimes.NameOf(operation), Step);
        return Times.Waited(operation, begun);
    }
}
