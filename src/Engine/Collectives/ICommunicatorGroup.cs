namespace Grid.Engine.Collectives;

/// <summary>What the members of one group share within a process.</summary>
internal interface ICommunicatorGroup
{
    /// <summary>Creates the end of the member with an index.</summary>
    ICommunicator Join(int index);

    /// <summary>Ends all waits of all members, because the member with an index has failed.</summary>
    void Fail(int index, Exception? cause);
}
