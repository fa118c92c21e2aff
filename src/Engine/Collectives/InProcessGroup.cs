using System.Collections.Concurrent;
using Grid.Engine.Kernels;

namespace Grid.Engine.Collectives;

/// <summary>A group of threads of one process, which share a barrier, pointers to each other's tensors, and mailboxes.</summary>
internal sealed class InProcessGroup : ICommunicatorGroup
{
    private readonly ConcurrentDictionary<(int From, int To), Mailbox> _mailboxes = new();

    /// <param name="names">The members' names in the order of their indexes, such as <c>tp1</c>, for errors.</param>
    /// <param name="timeout">How long a member waits for another.</param>
    /// <param name="time">The clock that waits follow; null: the system's.</param>
    public InProcessGroup(IReadOnlyList<string> names, TimeSpan timeout, TimeProvider? time = null)
    {
        Names = names;
        Barrier = new GroupBarrier(names, timeout, time ?? TimeProvider.System);
        Pointers = new nint[names.Count];
        Scratch = [new NativeBuffer<float>(), new NativeBuffer<float>()];
    }

    public IReadOnlyList<string> Names { get; }

    public int Size => Names.Count;

    public GroupBarrier Barrier { get; }

    /// <summary>The data of each member's tensor during a collective.</summary>
    public nint[] Pointers { get; }

    /// <summary>Room for sums, used alternately: a member may still read one while a faster member begins the next.</summary>
    public NativeBuffer<float>[] Scratch { get; }

    /// <summary>What one member has sent to another that has not taken it yet.</summary>
    public Mailbox MailboxOf(int from, int to) => _mailboxes.GetOrAdd((from, to), _ => new Mailbox());

    public void Fail(int index, Exception? cause)
    {
        Barrier.Fail(index, cause);
        foreach (var ((from, to), mailbox) in _mailboxes)
            if (from == index || to == index) mailbox.Fail(cause);
    }

    public ICommunicator Join(int index) => new InProcessCommunicator(this, index);
}
