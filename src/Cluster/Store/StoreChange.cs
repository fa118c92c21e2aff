namespace Grid.Cluster.Store;

/// <summary>What happened to the store's content.</summary>
internal enum StoreChange
{
    /// <summary>It is empty.</summary>
    Lost,

    /// <summary>It lacks what was written last.</summary>
    Older,

    /// <summary>Another member noticed either.</summary>
    Replaced,
}
