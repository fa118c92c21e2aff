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

    public void AllReduce(Tensor x)
    {
        RequireHost(x);
        var count = x.numel();
        var scratch = group.Scratch[_turn++ & 1];
        Publish(x);
        // One rank makes room; the others must not look before.
        if (rank == 0) scratch.EnsureCapacity(count);
        Meet("all_reduce");
        var (first, last) = (count * rank / Size, count * (rank + 1) / Size);
        if (x.dtype == ScalarType.BFloat16) Sums.Add<BFloat16Element>(group.Pointers, first, last, scratch.Pointer);
        else Sums.Add<Float32Element>(group.Pointers, first, last, scratch.Pointer);
        Meet("all_reduce");
        if (x.dtype == ScalarType.BFloat16) Sums.Store<BFloat16Element>(scratch.Pointer, x.Data(), count);
        else Sums.Store<Float32Element>(scratch.Pointer, x.Data(), count);
        GC.KeepAlive(x);
    }

    public Tensor AllGather(Tensor x)
    {
        RequireHost(x);
        Publish(x);
        Meet("all_gather");
        var (rows, bytes) = (x.size(0), x.size(1) * x.element_size());
        var result = empty(rows, x.size(1) * Size, x.dtype);
        for (var row = 0L; row < rows; row++)
            for (var other = 0; other < Size; other++)
                Buffer.MemoryCopy((byte*)group.Pointers[other] + row * bytes, (byte*)result.Data() + (row * Size + other) * bytes, bytes, bytes);
        // The others may still read.
        Meet("all_gather");
        GC.KeepAlive(x);
        return result;
    }

    public void Broadcast(Tensor x, int root)
    {
        RequireHost(x);
        Publish(x);
        Meet("broadcast");
        var bytes = x.numel() * x.element_size();
        if (rank != root) Buffer.MemoryCopy((void*)group.Pointers[root], x.Data(), bytes, bytes);
        Meet("broadcast");
        GC.KeepAlive(x);
    }

    public void Send(Tensor x, int to)
    {
        RequireHost(x);
        group.MailboxOf(rank, to).Post(Bytes(x));
        GC.KeepAlive(x);
    }

    public void Receive(Tensor x, int from)
    {
        RequireHost(x);
        var mailbox = group.MailboxOf(from, rank);
        switch (mailbox.Take(Bytes(x), group.Barrier.Timeout))
        {
            case MailResult.Late: throw CollectiveException.TimedOut("receive", Step, group.Barrier.Timeout, [group.Names[from]]);
            case MailResult.Gone: throw CollectiveException.Broken("receive", Step, group.Names[from], mailbox.Cause);
            case MailResult.WrongSize: throw new CollectiveException($"receive step {Step} failed: rank {group.Names[from]} sent another size than {x.numel() * x.element_size()} bytes");
            default: break;
        }
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

    private void Meet(string operation) => group.Barrier.Arrive(rank, operation, Step);
}
