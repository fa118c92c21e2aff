namespace Grid.Engine.Parallelism.DataPlane;

/// <summary>What a frame carries.</summary>
internal enum FrameKind : byte
{
    /// <summary>A rank tells who it is.</summary>
    Hello = 1,

    /// <summary>A shard is loaded: its facts as JSON.</summary>
    Loaded = 2,

    /// <summary>Something failed: the reason as text.</summary>
    Failed = 3,

    /// <summary>Reserve the KV cache: its number of blocks.</summary>
    Reserve = 4,

    /// <summary>It is reserved.</summary>
    Reserved = 5,

    /// <summary>Compute a step: a batch.</summary>
    Step = 6,

    /// <summary>It is computed: times spent, and logit rows where the shard has them.</summary>
    Done = 7,

    /// <summary>A tensor of a collective.</summary>
    Tensor = 8,

    /// <summary>What a shard is to load: its order as JSON.</summary>
    Order = 9,

    /// <summary>An expert shard leads who asks it to a placement, first of all when the link is made: the placement as JSON.</summary>
    ExpertPlacement = 10,

    /// <summary>Rows for experts.</summary>
    ExpertCall = 11,

    /// <summary>A row for each in return.</summary>
    ExpertAnswer = 12,

    /// <summary>A call or a command of an expert shard failed: the reason as text.</summary>
    ExpertFailed = 13,

    /// <summary>An expert shard is to load, lead or drop, or to tell its load.</summary>
    ExpertCommand = 14,

    /// <summary>It has: its load where that was asked for.</summary>
    ExpertDone = 15,

    /// <summary>Expert shards have moved: where they are as JSON.</summary>
    Experts = 16,

    /// <summary>A shard has lost an expert shard: which and why as JSON.</summary>
    ExpertLost = 17,

    /// <summary>A shard was told to go, and ends after this.</summary>
    Going = 18,

    /// <summary>A shard has waited long for another: operation, step and rank as text.</summary>
    Waits = 19,
}
