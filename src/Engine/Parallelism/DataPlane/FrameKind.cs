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

    /// <summary>It is computed: time spent, and logit rows where the shard has them.</summary>
    Done = 7,

    /// <summary>A tensor of a collective.</summary>
    Tensor = 8,

    /// <summary>What a shard is to load: its order as JSON.</summary>
    Order = 9,
}
