namespace Grid.Configuration.Reading;

/// <summary>The engine's options that a model of grid.yaml may set: the flags of <c>grid serve</c> in camelCase, with the same limits.</summary>
internal static class EngineKeys
{
    /// <summary>Names of the model; read apart, for it is the gateway's too.</summary>
    public const string ServedModelName = "servedModelName";

    /// <summary>A flag that is no key: keys of clients belong to the gateway.</summary>
    public const string ApiKey = "apiKey";

    private const double MaxWhole = int.MaxValue;

    /// <summary>Keys that say the same as parallelism: and are read into it.</summary>
    public static readonly EngineKey[] Layout =
    [
        Whole("tensorParallelSize", 1, 65536),
        Whole("pipelineParallelSize", 1, 65536),
        new("pipelineLayerPartition", EngineValue.Text),
        Whole("dataParallelSize", 1, 65536),
        Whole("expertParallelSize", 1, 65536),
        new("distributedExecutorBackend", EngineValue.Text),
    ];

    /// <summary>All keys but the names.</summary>
    public static readonly EngineKey[] All =
    [
        Choice("dtype", "auto", "float32", "bfloat16", "float16"),
        new("maxModelLen", EngineValue.Length, 1, MaxWhole),
        new("tokenizer", EngineValue.Path),
        new("revision", EngineValue.Text),
        Choice("loadFormat", "auto", "dummy"),
        new("seed", EngineValue.Whole, long.MinValue, long.MaxValue),
        Choice("quantization", "none", "int8"),
        new("chatTemplate", EngineValue.Path),
        new("generationConfig", EngineValue.Path, Choices: ["auto", "vllm"]),
        Whole("maxNumSeqs", 1, 65536),
        Whole("maxNumBatchedTokens", 1, 1 << 24),
        Whole("blockSize", 1, 1024),
        new("enablePrefixCaching", EngineValue.Truth),
        new("enableChunkedPrefill", EngineValue.Truth),
        Choice("schedulingPolicy", "fcfs", "priority"),
        Whole("maxNumQueuedReqs", 1, MaxWhole),
        Whole("maxLogprobs", -1, MaxWhole),
        new("gpuMemoryUtilization", EngineValue.Number, 0.01, 1),
        Whole("numGpuBlocksOverride", 1, MaxWhole),
        new("kvCacheMemoryBytes", EngineValue.Bytes),
        new("batchInvariant", EngineValue.Truth),
        Choice("runner", "auto", "fast", "eager", "sim"),
        Whole("cpuThreads", 1, 4096),
        new("enableExpertParallel", EngineValue.Truth),
        Choice("expertPlacementStrategy", "linear", "round_robin"),
        new("enableEplb", EngineValue.Truth),
        new("eplbConfig", EngineValue.Json),
        new("collectiveTimeout", EngineValue.Time),
        .. Layout,
    ];

    /// <summary>All names that may stand under engine:.</summary>
    public static readonly string[] Names = [ServedModelName, .. All.Select(key => key.Name)];

    private static EngineKey Choice(string name, params string[] choices) => new(name, EngineValue.Choice, Choices: choices);

    private static EngineKey Whole(string name, double min, double max) => new(name, EngineValue.Whole, min, max);
}
