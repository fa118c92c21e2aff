namespace Grid.Engine.Requests;

/// <summary>The state of a request in the scheduler.</summary>
internal enum RequestStatus
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
