namespace Grid.Engine.Parallelism.Experts;

/// <summary>
/// An expert shard, in this process or at the other end of a link. It computes what is submitted and waits for no other shard.
/// </summary>
internal interface IExpertShard
{
    /// <summary>The number of the shard, from 0.</summary>
    int Number { get; }

    /// <summary>Whether calls are answered; false once it has ended.</summary>
    bool IsAlive { get; }

    /// <summary>Takes a call and answers it later. A call that it cannot take fails.</summary>
    void Submit(ExpertCall call);

    /// <summary>
    /// The rows that each expert was sent since the shard was loaded, layer by layer. Rows that were sent again count once.
    /// </summary>
    Task<long[]> GetLoadAsync();

    /// <summary>Loads what a placement assigns to it, beside what it holds.</summary>
    Task PrepareAsync(ExpertPlacement placement);

    /// <summary>Announces a placement to all its clients, if that is newer than the one it knows.</summary>
    Task PlaceAsync(ExpertPlacement placement);

    /// <summary>
    /// Drops what its current placement does not assign to it. A call that still names a dropped expert fails, and its rows are sent again
    /// to a shard that holds it.
    /// </summary>
    Task TrimAsync();
}
