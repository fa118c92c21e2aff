namespace Grid.Engine.Parallelism.Experts;

/// <summary>A set of experts that serves whatever is waiting and never waits for anybody, here or at the other end of a link.</summary>
internal interface IExpertShard
{
    /// <summary>From 0.</summary>
    int Number { get; }

    /// <summary>Whether calls are answered; false once it has ended.</summary>
    bool IsAlive { get; }

    /// <summary>Takes a call and answers it later; one that it cannot take fails.</summary>
    void Submit(ExpertCall call);

    /// <summary>Rows of each expert, layer by layer, that it was asked for since it was loaded; those that were asked again count once.</summary>
    Task<long[]> GetLoadAsync();

    /// <summary>Loads what a placement gives it beside what it holds.</summary>
    Task PrepareAsync(ExpertPlacement placement);

    /// <summary>Leads all that ask it to a placement, if that is newer than what it knows.</summary>
    Task PlaceAsync(ExpertPlacement placement);

    /// <summary>Lets go of what the placement that it knows does not give it. A call that still names it fails, and is asked again of who holds it.</summary>
    Task TrimAsync();
}
