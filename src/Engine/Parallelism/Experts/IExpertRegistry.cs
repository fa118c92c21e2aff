namespace Grid.Engine.Parallelism.Experts;

/// <summary>Where the expert shards of a replica are reached, for shards in other processes that have links of their own to them.</summary>
internal interface IExpertRegistry
{
    /// <summary>Where they are reached now.</summary>
    ExpertEndpoints Endpoints { get; }

    /// <summary>Calls the subscriber at once with the current endpoints, and again whenever they change.</summary>
    void Subscribe(Action<ExpertEndpoints> subscriber);

    /// <summary>Ends a subscription.</summary>
    void Unsubscribe(Action<ExpertEndpoints> subscriber);

    /// <summary>
    /// Reports that a process has lost or found its link to a shard. Of a loss that several processes see, the first report counts.
    /// </summary>
    void Report(ExpertLinkChange change);
}
