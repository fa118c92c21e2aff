namespace Grid.Silo.Directives;

/// <summary>Work of a ShardHost.</summary>
internal enum ShardIntentKind
{
    /// <summary>Read the weights, then serve.</summary>
    Load,

    /// <summary>A rank's shard: keep what is held, and follow a newer plan in which other shards were added, removed or moved.</summary>
    Update,

    /// <summary>Take new requests (again).</summary>
    Serve,

    /// <summary>Take no new request; hand over what runs at the deadline.</summary>
    Drain,

    /// <summary>Hand over what is left at the deadline, or at once where there is none, then free the weights.</summary>
    Unload,
}
