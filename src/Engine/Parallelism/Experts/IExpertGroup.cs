namespace Grid.Engine.Parallelism.Experts;

/// <summary>The expert shards of one replica as its attention ranks see them.</summary>
internal interface IExpertGroup : IDisposable
{
    /// <summary>Where the experts are.</summary>
    ExpertDirectory Directory { get; }

    /// <summary>
    /// How the shards of a rank in other processes find the experts; null: they cannot, because the experts are threads of this process.
    /// </summary>
    IExpertRegistry? Registry { get; }

    /// <summary>Gives a rank access to the experts.</summary>
    /// <param name="rank">Index of the data-parallel rank. The steps of rank 0 decide when experts move.</param>
    ExpertClient Connect(int rank);
}
