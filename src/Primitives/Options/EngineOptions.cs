using Grid.Primitives.Ids;

namespace Grid.Primitives.Options;

/// <summary>How a model is loaded and served; the names and defaults are those of vLLM's engine arguments.</summary>
public sealed record EngineOptions
{
    /// <summary>A Hugging Face folder, one GGUF file, <c>owner/name</c> in the hub's cache, or <c>sim</c>. Required.</summary>
    public string Model { get; init; } = "";

    /// <summary>The folder with the tokenizer's files; null for the model's (<c>--tokenizer</c>).</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Branch, tag or commit in the hub's cache (<c>--revision</c>).</summary>
    public string? Revision { get; init; }

    /// <summary>Data type of activations and KV cache (<c>--dtype</c>).</summary>
    public ModelDType DType { get; init; } = ModelDType.Auto;

    /// <summary>
    /// Maximum length of prompt and output together; null: what the config says; -1: the longest that fits (<c>--max-model-len</c>).
    /// </summary>
    public int? MaxModelLen { get; init; }

    /// <summary>Where weights come from (<c>--load-format</c>).</summary>
    public LoadFormat LoadFormat { get; init; } = LoadFormat.Auto;

    /// <summary>Seed of dummy weights and, where given, of requests without a seed of their own (<c>--seed</c>).</summary>
    public long? Seed { get; init; }

    /// <summary>How weights are quantized when they are loaded (<c>--quantization</c>).</summary>
    public WeightQuantization Quantization { get; init; } = WeightQuantization.None;

    /// <summary>auto (the model's), vllm (neutral defaults) or a folder (<c>--generation-config</c>).</summary>
    public string GenerationConfig { get; init; } = "auto";

    /// <summary>The file with a Jinja chat template; null for the model's (<c>--chat-template</c>).</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Maximum concurrent requests; vLLM's default on the CPU (<c>--max-num-seqs</c>).</summary>
    public int MaxNumSeqs { get; init; } = 128;

    /// <summary>Maximum tokens per step; vLLM's default of its server (<c>--max-num-batched-tokens</c>).</summary>
    public int MaxNumBatchedTokens { get; init; } = 2048;

    /// <summary>Tokens per KV cache block (<c>--block-size</c>).</summary>
    public int BlockSize { get; init; } = 16;

    /// <summary>Whether full blocks are kept and found by their hashes (<c>--enable-prefix-caching</c>).</summary>
    public bool EnablePrefixCaching { get; init; } = true;

    /// <summary>Whether a prompt may be computed in chunks (<c>--enable-chunked-prefill</c>).</summary>
    public bool EnableChunkedPrefill { get; init; } = true;

    /// <summary>Order in which requests are scheduled (<c>--scheduling-policy</c>).</summary>
    public SchedulingPolicy SchedulingPolicy { get; init; } = SchedulingPolicy.Fcfs;

    /// <summary>Maximum waiting requests (<c>--max-num-queued-reqs</c>).</summary>
    public int MaxNumQueuedReqs { get; init; } = 1024;

    /// <summary>Maximum logprobs a request may ask for (<c>--max-logprobs</c>).</summary>
    public int MaxLogprobs { get; init; } = 20;

    /// <summary>Fraction of a GPU's memory to use, 0 to 1 (<c>--gpu-memory-utilization</c>).</summary>
    public double GpuMemoryUtilization { get; init; } = 0.92;

    /// <summary>Number of KV cache blocks, regardless of memory (<c>--num-gpu-blocks-override</c>).</summary>
    public int? NumGpuBlocksOverride { get; init; }

    /// <summary>Size of a shard's KV cache in bytes (<c>--kv-cache-memory-bytes</c>).</summary>
    public long? KVCacheMemoryBytes { get; init; }

    /// <summary>
    /// Whether a KV cache in host memory is backed by pages from the start, as a long-lived server wants it; false: as it fills.
    /// </summary>
    public bool PrefaultKVCache { get; init; }

    /// <summary>Whether a token's bits may not depend on the batch (<c>--batch-invariant</c>).</summary>
    public bool BatchInvariant { get; init; } = true;

    /// <summary>Model runner (<c>--runner</c>).</summary>
    public RunnerKind Runner { get; init; } = RunnerKind.Auto;

    /// <summary>Whether the plain reference runner computes, whatever is faster (<c>--enforce-eager</c>).</summary>
    public bool EnforceEager { get; init; }

    /// <summary>Devices of the engine's shards (<c>--device</c>, or where a grid has placed them).</summary>
    public DeviceList Devices { get; init; } = DeviceList.Cpu;

    /// <summary>The threads of a shard on the CPU; null to divide all cores over the shards (<c>--cpu-threads</c>).</summary>
    public int? CpuThreads { get; init; }

    /// <summary>Tensor parallel size (<c>-tp</c>).</summary>
    public int TensorParallelSize { get; init; } = 1;

    /// <summary>Pipeline parallel size (<c>-pp</c>).</summary>
    public int PipelineParallelSize { get; init; } = 1;

    /// <summary>The number of layers of each stage; null for vLLM's rule (<c>--pipeline-layer-partition</c>).</summary>
    public IReadOnlyList<int>? PipelineLayerPartition { get; init; }

    /// <summary>Data parallel size (<c>-dp</c>).</summary>
    public int DataParallelSize { get; init; } = 1;

    /// <summary>
    /// Whether whole experts are placed on shards of their own, instead of a slice of each on every tensor shard
    /// (<c>--enable-expert-parallel</c>).
    /// </summary>
    public bool EnableExpertParallel { get; init; }

    /// <summary>The number of expert shards; null for tensor x data (<c>--expert-parallel-size</c>).</summary>
    public int? ExpertParallelSize { get; init; }

    /// <summary>How experts are assigned to shards (<c>--expert-placement-strategy</c>).</summary>
    public ExpertPlacementStrategy ExpertPlacementStrategy { get; init; } = ExpertPlacementStrategy.Linear;

    /// <summary>Whether experts are moved and copied by their load (<c>--enable-eplb</c>).</summary>
    public bool EnableEplb { get; init; }

    /// <summary>When and how experts are balanced (<c>--eplb-config</c>).</summary>
    public EplbOptions Eplb { get; init; } = new();

    /// <summary>Number of expert shards that these options ask for; 0: none of their own.</summary>
    public int NumExpertShards => EnableExpertParallel ? ExpertParallelSize ?? TensorParallelSize * DataParallelSize : 0;

    /// <summary>What runs the shards of a rank (<c>--distributed-executor-backend</c>).</summary>
    public ExecutorBackend DistributedExecutorBackend { get; init; } = ExecutorBackend.InProcess;

    /// <summary>How long a shard waits for another one (<c>--collective-timeout</c>).</summary>
    public TimeSpan CollectiveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a wait for another shard lasts before it is logged.</summary>
    // Long enough for a slow step, and early enough to be seen before a node that hangs is declared dead.
    public TimeSpan LongWait => CollectiveTimeout / 3;

    /// <summary>
    /// How long the shards of a rank wait for each other: one of them may wait for an expert shard as long as that may take.
    /// </summary>
    public TimeSpan GroupTimeout => NumExpertShards > 0 ? CollectiveTimeout * 2 : CollectiveTimeout;

    /// <summary>Whether the model is not computed but simulated.</summary>
    public bool IsSimulated => Runner == RunnerKind.Sim || Devices.Kind == DeviceKind.Sim || SimulatedModel.Is(Model);
}
