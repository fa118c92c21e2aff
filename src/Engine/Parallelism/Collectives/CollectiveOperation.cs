namespace Grid.Engine.Parallelism.Collectives;

/// <summary>What a shard may wait for.</summary>
internal enum CollectiveOperation
{
    /// <summary>The sum over the shards of a stage.</summary>
    AllReduce,

    /// <summary>Rows side by side.</summary>
    AllGather,

    /// <summary>One shard's tensor for all.</summary>
    Broadcast,

    /// <summary>The next stage's room.</summary>
    Send,

    /// <summary>What the stage before sends.</summary>
    Receive,

    /// <summary>Answers of expert shards.</summary>
    ExpertCall,
}
