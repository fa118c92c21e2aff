using Grid.Abstractions.Replicas;

namespace Grid.Grains.Records;

/// <summary>What is sent to a replica's grain, and its last answer.</summary>
internal sealed class ReplicaDelivery
{
    /// <summary>The sequence of the directive that is to be delivered.</summary>
    public long Sequence { get; private set; }

    /// <summary>When it was sent last.</summary>
    public DateTimeOffset SentAt { get; private set; }

    /// <summary>It is to be sent now.</summary>
    public bool Due { get; private set; }

    /// <summary>Every shard has taken it.</summary>
    public bool Acknowledged => Status is { Pending: 0 } status && status.Sequence == Sequence;

    /// <summary>The last answer; null if there is none yet.</summary>
    public ReplicaStatus? Status { get; private set; }

    /// <summary>Something else is desired.</summary>
    public void Change(DateTimeOffset now) => (Sequence, Due) = (Math.Max(Sequence + 1, now.ToUnixTimeMilliseconds()), true);

    /// <summary>The same is to be said again.</summary>
    public void Repeat() => Due = true;

    /// <summary>It is being sent.</summary>
    public void Sent(DateTimeOffset now) => (Due, SentAt) = (false, now);

    /// <summary>The grain has answered.</summary>
    public void Answered(ReplicaStatus status)
    {
        // Another activation of the grid has sent it something since, with a clock ahead of this one's. Two of them must not outbid each
        // other with every answer: this one's turn comes with its next repetition.
        if (status.Sequence > Sequence) Sequence = status.Sequence + 1;
        else if (Status is null || status.Sequence >= Status.Sequence) Status = status;
    }
}
