namespace Grid.Engine.Parallelism.Links;

/// <summary>What a frame carries.</summary>
internal enum FrameKind : byte
{
    /// <summary>Introduces a shard to a peer or its driver: its number.</summary>
    Hello = 1,

    /// <summary>A shard is loaded: its facts as JSON.</summary>
    Loaded = 2,

    /// <summary>Something failed: the reason as text.</summary>
    Failed = 3,

    /// <summary>Reserve the KV cache: its number of blocks.</summary>
    Reserve = 4,

    /// <summary>Compute a step: a batch.</summary>
    Step = 6,

    /// <summary>A step is computed: the time spent, and logit rows where the shard has them.</summary>
    Done = 7,

    /// <summary>A tensor of a collective.</summary>
    Tensor = 8,

    /// <summary>What a shard is to load: its assignment as JSON.</summary>
    Assign = 9,

    /// <summary>Which expert shard holds which experts, as JSON. It is the first frame of an expert shard on each link.</summary>
    ExpertPlacement = 10,

    /// <summary>Rows for experts to compute.</summary>
    ExpertCall = 11,

    /// <summary>A computed row for each row of a call.</summary>
    ExpertAnswer = 12,

    /// <summary>A call or a command of an expert shard failed: the reason as text.</summary>
    ExpertFailed = 13,

    /// <summary>An expert shard is to load or drop experts, announce a placement, or return its load.</summary>
    ExpertCommand = 14,

    /// <summary>A command of an expert shard is done: its load if that was asked for.</summary>
    ExpertDone = 15,

    /// <summary>Expert shards have moved: their endpoints as JSON.</summary>
    Experts = 16,

    /// <summary>A shard has lost or found the link to an expert shard: which and why, as JSON.</summary>
    ExpertLost = 17,

    /// <summary>A shard was asked to stop, and ends after this frame.</summary>
    Stopping = 18,

    /// <summary>A shard has been waiting for another for a long time: operation, step and shard as text.</summary>
    Waits = 19,

    /// <summary>Copy KV blocks out: the tokens of their sequence, and their numbers.</summary>
    ExportKVBlocks = 20,

    /// <summary>Copy KV blocks in: how many, their numbers, and their contents.</summary>
    ImportKVBlocks = 21,

    /// <summary>A command about the KV cache is done: the contents of blocks, if they were asked for.</summary>
    KVCacheDone = 22,
}
