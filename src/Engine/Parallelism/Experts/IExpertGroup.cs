using Grid.Engine.Parallelism.Experts.Links;

namespace Grid.Engine.Parallelism.Experts;

/// <summary>The expert shards of one replica as its attention ranks see them.</summary>
internal interface IExpertGroup : IDisposable
{
    /// <summary>Where the experts are.</summary>
    ExpertDirectory Directory { get; }

    /// <summary>How shards of a rank in other processes reach them; null: they cannot, the experts are threads of this one.</summary>
    ExpertLinks? Links { get; }

    /// <summary>A rank's way to them.</summary>
    /// <param name="rank">The first one's steps decide when experts move.</param>
    ExpertClient Connect(int rank);
}
