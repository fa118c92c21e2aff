namespace Grid.Engine.Requests;

/// <summary>Where a request stands in the scheduler.</summary>
public enum RequestStatus
{
    /// <summary>In the waiting queue.</summary>
    Waiting,

    /// <summary>Owns blocks and is given tokens each step.</summary>
    Running,

    /// <summary>Lost its blocks; waits at the head of the queue to be computed again.</summary>
    Preempted,

    /// <summary>Ended.</summary>
    Finished,
}
