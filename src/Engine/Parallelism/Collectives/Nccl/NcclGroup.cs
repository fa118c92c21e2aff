using System.Collections.Concurrent;

namespace Grid.Engine.Parallelism.Collectives.Nccl;

/// <summary>
/// What the ranks of one process share: the id that NCCL connects them by, a barrier that tells which of them are missing (NCCL cannot),
/// and who has announced what to whom.
/// </summary>
internal sealed class NcclGroup(NcclLibrary library, IReadOnlyList<string> names, TimeSpan timeout, IReadOnlyList<IDeviceStream> streams) : IRankGroup
{
    private readonly ConcurrentDictionary<(int From, int To), Mailbox> _mailboxes = new();
    private readonly NcclCommunicator?[] _ranks = new NcclCommunicator?[names.Count];
    private readonly Lazy<NcclUniqueId> _id = new(library.CreateUniqueId);

    public NcclLibrary Library => library;

    public IReadOnlyList<string> Names => names;

    /// <summary>Where ranks meet before NCCL is called: it would wait for a missing one without a deadline, on the host or on the device.</summary>
    public RankBarrier Barrier { get; } = new(names, timeout);

    public NcclUniqueId Id => _id.Value;

    /// <summary>Who gave up first, and why.</summary>
    public (int Rank, Exception? Cause)? Failure { get; private set; }

    /// <summary>The sizes of what one rank has sent another.</summary>
    public Mailbox MailboxOf(int from, int to) => _mailboxes.GetOrAdd((from, to), _ => new Mailbox());

    public ICommunicator Join(int rank) => _ranks[rank] = new NcclCommunicator(this, rank, streams[rank]);

    public void Fail(int rank, Exception? cause)
    {
        Failure ??= (rank, cause);
        Barrier.Fail(rank, cause);
        foreach (var ((from, to), mailbox) in _mailboxes)
            if (from == rank || to == rank) mailbox.Fail(cause);
        foreach (var member in _ranks) member?.Abort();
    }
}
