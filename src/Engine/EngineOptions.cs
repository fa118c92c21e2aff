using Grid.Engine.Inputs;

namespace Grid.Engine;

/// <summary>How a model is loaded and served; the names and defaults are those of vLLM's engine arguments.</summary>
public sealed record EngineOptions
{
    /// <summary>A Hugging Face folder, one GGUF file, <c>owner/name</c> in the hub's cache, or <c>sim</c>. Required.</summary>
    public string Model { get; init; } = "";

    /// <summary>Where tokenizer files are, or null for the model's own (<c>--tokenizer</c>).</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Branch, tag or commit in the hub's cache (<c>--revision</c>).</summary>
    public string? Revision { get; init; }

    /// <summary>auto, float32, bfloat16 or float16 (<c>--dtype</c>).</summary>
    public string DType { get; init; } = "auto";

    /// <summary>Longest prompt and output together; null: what the config says; -1: the longest that fits (<c>--max-model-len</c>).</summary>
    public int? MaxModelLen { get; init; }

    /// <summary>auto, or dummy for random weights from config.json alone (<c>--load-format</c>).</summary>
    public string LoadFormat { get; init; } = "auto";

    /// <summary>Seeds dummy weights and, where given, requests without a seed of their own (<c>--seed</c>).</summary>
    public long? Seed { get; init; }

    /// <summary>none or int8 (<c>--quantization</c>).</summary>
    public string Quantization { get; init; } = "none";

    /// <summary>auto (the model's), vllm (neutral defaults) or a folder (<c>--generation-config</c>).</summary>
    public string GenerationConfig { get; init; } = "auto";

    /// <summary>File with a Jinja chat template, or null for the model's (<c>--chat-template</c>).</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Requests that run at once. vLLM's CPU default (<c>--max-num-seqs</c>).</summary>
    public int MaxNumSeqs { get; init; } = 128;

    /// <summary>Tokens a step computes at most. vLLM's server default (<c>--max-num-batched-tokens</c>).</summary>
    public int MaxNumBatchedTokens { get; init; } = 2048;

    /// <summary>Tokens a KV block holds (<c>--block-size</c>).</summary>
    public int BlockSize { get; init; } = 16;

    /// <summary>Whether full blocks are kept and found by hash (<c>--enable-prefix-caching</c>).</summary>
    public bool EnablePrefixCaching { get; init; } = true;

    /// <summary>Whether a prompt may be computed in pieces (<c>--enable-chunked-prefill</c>).</summary>
    public bool EnableChunkedPrefill { get; init; } = true;

    /// <summary>fcfs or priority (<c>--scheduling-policy</c>).</summary>
    public string SchedulingPolicy { get; init; } = "fcfs";

    /// <summary>Requests that may wait (<c>--max-num-queued-reqs</c>).</summary>
    public int MaxNumQueuedReqs { get; init; } = 1024;

    /// <summary>Most logprobs a request may ask for (<c>--max-logprobs</c>).</summary>
    public int MaxLogprobs { get; init; } = 20;

    /// <summary>Share of a GPU's memory to use, 0 to 1 (<c>--gpu-memory-utilization</c>).</summary>
    public double GpuMemoryUtilization { get; init; } = 0.92;

    /// <summary>KV blocks, whatever the memory says (<c>--num-gpu-blocks-override</c>).</summary>
    public int? NumGpuBlocksOverride { get; init; }

    /// <summary>Bytes for the KV cache (<c>--kv-cache-memory-bytes</c>).</summary>
    public long? KVCacheMemoryBytes { get; init; }

    /// <summary>Whether a KV cache in host memory is backed by pages from the start, as a long-lived server wants it; false: as it fills.</summary>
    public bool PrefaultKVCache { get; init; }

    /// <summary>Whether a token's bits may not depend on the batch (<c>--batch-invariant</c>).</summary>
    public bool BatchInvariant { get; init; } = true;

    /// <summary>auto, fast, eager or sim (<c>--runner</c>).</summary>
    public string Runner { get; init; } = "auto";

    /// <summary>cpu, cuda:N or sim:NxMEM (<c>--device</c>); where a grid places shards, <c>cuda:0,cuda:2</c> is one for each.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of a shard, or null for all cores (<c>--cpu-threads</c>).</summary>
    public int? CpuThreads { get; init; }

    /// <summary>Tensor parallel size (<c>-tp</c>).</summary>
    public int TensorParallelSize { get; init; } = 1;

    /// <summary>Pipeline parallel size (<c>-pp</c>).</summary>
    public int PipelineParallelSize { get; init; } = 1;

    /// <summary>Layers of each stage, or null for vLLM's rule (<c>--pipeline-layer-partition</c>).</summary>
    public IReadOnlyList<int>? PipelineLayerPartition { get; init; }

    /// <summary>Data parallel size (<c>-dp</c>).</summary>
    public int DataParallelSize { get; init; } = 1;

    /// <summary>Whether experts stand whole on shards of their own, in place of a slice of each on every tensor shard (<c>--enable-expert-parallel</c>).</summary>
    public bool EnableExpertParallel { get; init; }

    /// <summary>Expert shards, or null for tensor x data (<c>--expert-parallel-size</c>).</summary>
    public int? ExpertParallelSize { get; init; }

    /// <summary>linear or round_robin (<c>--expert-placement-strategy</c>).</summary>
    public string ExpertPlacementStrategy { get; init; } = "linear";

    /// <summary>Whether experts get copies and move by their load (<c>--enable-eplb</c>).</summary>
    public bool EnableEplb { get; init; }

    /// <summary>When and how (<c>--eplb-config</c>).</summary>
    public EplbOptions Eplb { get; init; } = new();

    /// <summary>Expert shards that these options ask for; 0: none of their own.</summary>
    public int NumExpertShards => EnableExpertParallel ? ExpertParallelSize ?? TensorParallelSize * DataParallelSize : 0;

    /// <summary>inprocess or process (<c>--distributed-executor-backend</c>): who runs the shards of a rank.</summary>
    public string DistributedExecutorBackend { get; init; } = "inprocess";

    /// <summary>How long a shard waits for another (<c>--collective-timeout</c>).</summary>
    public TimeSpan CollectiveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the shards of a rank wait for each other: one of them may wait for an expert shard as long as that may take.</summary>
    // Long enough for a slow step, and early enough to be heard of before a node that stands still is declared dead.
    internal TimeSpan LongWait => CollectiveTimeout / 3;

    internal TimeSpan GroupTimeout => NumExpertShards > 0 ? CollectiveTimeout * 2 : CollectiveTimeout;
}
