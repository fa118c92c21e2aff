namespace Grid.Engine.Parallelism.Collectives;

/// <summary>What the ranks of one group share in one process.</summary>
internal interface IRankGroup
{
    /// <summary>One rank's end.</summary>
    ICommunicator Join(int rank);

    /// <summary>Ends all waits of all ranks.</summary>
    void Fail(int rank, Exception? cause);
}
