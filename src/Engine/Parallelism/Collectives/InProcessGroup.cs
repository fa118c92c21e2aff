using System.Collections.Concurrent;
using Grid.Engine.Kernels;

namespace Grid.Engine.Parallelism.Collectives;

/// <summary>What the ranks of one process share: a barrier, pointers into each other's tensors, and mailboxes.</summary>
internal sealed class InProcessGroup : IRankGroup
{
    private readonly ConcurrentDictionary<(int From, int To), Mailbox> _mailboxes = new();

    /// <param name="names">One a rank, such as tp1, for errors.</param>
    /// <param name="timeout">How long a rank waits for another.</param>
    public InProcessGroup(IReadOnlyList<string> names, TimeSpan timeout)
    {
        Names = names;
        Barrier = new RankBarrier(names, timeout);
        Pointers = new nint[names.Count];
        Scratch = [new NativeBuffer<float>(), new NativeBuffer<float>()];
    }

    public IReadOnlyList<string> Names { get; }

    public int Size => Names.Count;

    public RankBarrier Barrier { get; }

    /// <summary>Each rank's data during a collective.</summary>
    public nint[] Pointers { get; }

    /// <summary>Sums, used in turn: a rank may still read one while a faster rank begins the next.</summary>
    public NativeBuffer<float>[] Scratch { get; }

    /// <summary>What one rank has sent another and the other has not taken.</summary>
    public Mailbox MailboxOf(int from, int to) => _mailboxes.GetOrAdd((from, to), _ => new Mailbox());

    public void Fail(int rank, Exception? cause)
    {
        Barrier.Fail(rank, cause);
        foreach (var ((from, to), mailbox) in _mailboxes)
            if (from == rank || to == rank) mailbox.Fail(cause);
    }

    public ICommunicator Join(int rank) => new InProcessCommunicator(this, rank);
}
