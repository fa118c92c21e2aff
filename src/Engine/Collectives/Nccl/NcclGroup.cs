using System.Collections.Concurrent;

namespace Grid.Engine.Collectives.Nccl;

/// <summary>
/// What the members of a group with CUDA devices share within a process: the id that NCCL connects them by, a barrier that knows which of
/// them are missing (NCCL does not), and the sizes of the tensors that were sent.
/// </summary>
/// <param name="library">The NCCL library.</param>
/// <param name="names">The members' names, for errors.</param>
/// <param name="timeout">How long a member waits for the others.</param>
/// <param name="streams">The stream that each member computes on.</param>
/// <param name="time">The clock that waits follow; null: the system's.</param>
internal sealed class NcclGroup(
    NcclLibrary library, IReadOnlyList<string> names, TimeSpan timeout, IReadOnlyList<IDeviceStream> streams, TimeProvider? time = null)
    : ICommunicatorGroup
{
    private readonly ConcurrentDictionary<(int From, int To), Mailbox> _mailboxes = new();
    private readonly NcclCommunicator?[] _members = new NcclCommunicator?[names.Count];
    private readonly Lazy<NcclUniqueId> _id = new(library.CreateUniqueId);

    public NcclLibrary Library => library;

    public IReadOnlyList<string> Names => names;

    public TimeProvider Time { get; } = time ?? TimeProvider.System;

    /// <summary>
    /// Where members meet before NCCL is called, which would wait for a missing one without a deadline, on the host or on the device.
    /// </summary>
    public GroupBarrier Barrier { get; } = new(names, timeout, time ?? TimeProvider.System);

    public NcclUniqueId Id => _id.Value;

    /// <summary>The index of the member that failed first, and why.</summary>
    public (int Index, Exception? Cause)? Failure { get; private set; }

    /// <summary>The sizes in bytes of the tensors that one member has sent another.</summary>
    public Mailbox MailboxOf(int from, int to) => _mailboxes.GetOrAdd((from, to), _ => new Mailbox());

    public ICommunicator Join(int index) => _members[index] = new NcclCommunicator(this, index, streams[index]);

    public void Fail(int index, Exception? cause)
    {
        Failure ??= (index, cause);
        Barrier.Fail(index, cause);
        foreach (var ((from, to), mailbox) in _mailboxes)
            if (from == index || to == index) mailbox.Fail(cause);
        foreach (var member in _members) member?.Abort();
    }
}
