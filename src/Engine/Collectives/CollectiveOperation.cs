namespace Grid.Engine.Collectives;

/// <summary>An operation in which a shard may have to wait for others.</summary>
internal enum CollectiveOperation
{
    /// <summary>Sums a tensor over the shards of a stage.</summary>
    AllReduce,

    /// <summary>Puts the rows of all shards of a stage side by side.</summary>
    AllGather,

    /// <summary>Copies one shard's tensor to all.</summary>
    Broadcast,

    /// <summary>Hands hidden states to the next pipeline stage.</summary>
    Send,

    /// <summary>Takes hidden states from the previous pipeline stage.</summary>
    Receive,

    /// <summary>Has expert shards compute rows.</summary>
    ExpertCall,
}
