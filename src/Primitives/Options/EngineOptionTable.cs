using static Grid.Primitives.Options.OptionTypes;

namespace Grid.Primitives.Options;

/// <summary>
/// All options of the engine. The flags of <c>serve</c>, <c>run</c>, <c>chat</c>, <c>bench</c> and <c>plan</c>, the keys under
/// <c>engine:</c> in grid.yaml, docs/grid.schema.json, help texts, error messages and the options that a shard is loaded with all come from
/// these rows.
/// </summary>
public static class EngineOptionTable
{
    private const int MaxShards = 65536;

    /// <summary>One row for each option, in the order of the help text.</summary>
    public static IReadOnlyList<EngineOption> Rows { get; } =
    [
        new EngineOption<ModelDType>(
            "dtype", Choice(EngineChoices.DTypes), "Data type of activations and KV cache", o => o.DType, (o, v) => o with { DType = v }),
        new EngineOption<int?>(
            "max-model-len", Optional(Length),
            "Maximum length of prompt and output together: 4096, 4k, or auto (-1) for the longest that fits",
            o => o.MaxModelLen, (o, v) => o with { MaxModelLen = v }) { DefaultHelp = "the model's" },
        new EngineOption<string?>(
            "tokenizer", FileOrFolder("FOLDER"), "Folder with the tokenizer's files", o => o.Tokenizer, (o, v) => o with { Tokenizer = v })
            { DefaultHelp = "the model's" },
        new EngineOption<string?>(
            "revision", Text("NAME"), "Branch, tag or commit of a model on the hub", o => o.Revision, (o, v) => o with { Revision = v })
            { DefaultHelp = "main" },
        new EngineOption<LoadFormat>(
            "load-format", Choice(EngineChoices.LoadFormats), "Format of the weights; dummy makes random ones from config.json alone",
            o => o.LoadFormat, (o, v) => o with { LoadFormat = v }),
        new EngineOption<long?>(
            "seed", Optional(Long), "Seed of dummy weights, and of requests that have none", o => o.Seed, (o, v) => o with { Seed = v }),
        new EngineOption<WeightQuantization>(
            "quantization", Choice(EngineChoices.Quantizations), "How weights are quantized when they are loaded",
            o => o.Quantization, (o, v) => o with { Quantization = v }) { UnsupportedChoices = ["int8", "fp8"] },
        new EngineOption<string?>(
            "chat-template", FileOrFolder("FILE"), "File with a Jinja chat template", o => o.ChatTemplate,
            (o, v) => o with { ChatTemplate = v })
            { DefaultHelp = "the model's" },
        new EngineOption<string?>(
            "generation-config", FileOrFolder("auto|vllm|FOLDER", "auto", "vllm"),
            "Where default sampling parameters come from: auto (the model), vllm (neutral) or a folder",
            o => o.GenerationConfig, (o, v) => o with { GenerationConfig = v! }),
        new EngineOption<int>(
            "max-num-seqs", Integer(1, 65536), "Maximum concurrent requests", o => o.MaxNumSeqs, (o, v) => o with { MaxNumSeqs = v }),
        new EngineOption<int>(
            "max-num-batched-tokens", Integer(1, 1 << 24), "Maximum tokens per step",
            o => o.MaxNumBatchedTokens, (o, v) => o with { MaxNumBatchedTokens = v }),
        new EngineOption<int>("block-size", Integer(1, 1024), "Tokens per KV cache block", o => o.BlockSize,
            (o, v) => o with { BlockSize = v }),
        new EngineOption<bool>(
            "enable-prefix-caching", Switch, "Reuse the KV cache of common prompt prefixes",
            o => o.EnablePrefixCaching, (o, v) => o with { EnablePrefixCaching = v }),
        new EngineOption<bool>(
            "enable-chunked-prefill", Switch, "Split long prompts into chunks that run beside other requests",
            o => o.EnableChunkedPrefill, (o, v) => o with { EnableChunkedPrefill = v }),
        new EngineOption<SchedulingPolicy>(
            "scheduling-policy", Choice(EngineChoices.SchedulingPolicies), "Order in which requests are scheduled",
            o => o.SchedulingPolicy, (o, v) => o with { SchedulingPolicy = v }),
        new EngineOption<int>(
            "max-num-queued-reqs", Integer(1, int.MaxValue), "Maximum waiting requests; further ones get 429",
            o => o.MaxNumQueuedReqs, (o, v) => o with { MaxNumQueuedReqs = v }),
        new EngineOption<int>(
            "max-logprobs", Integer(-1, int.MaxValue), "Maximum logprobs a request may ask for; -1 for no limit",
            o => o.MaxLogprobs, (o, v) => o with { MaxLogprobs = v }),
        new EngineOption<double>(
            "gpu-memory-utilization", Number(0.01, 1), "Fraction of a GPU's memory to use",
            o => o.GpuMemoryUtilization, (o, v) => o with { GpuMemoryUtilization = v }),
        new EngineOption<int?>(
            "num-gpu-blocks-override", Optional(Integer(1, int.MaxValue)), "Number of KV cache blocks, regardless of memory",
            o => o.NumGpuBlocksOverride, (o, v) => o with { NumGpuBlocksOverride = v }),
        new EngineOption<long?>(
            "kv-cache-memory-bytes", Optional(Bytes), "Size of the KV cache, such as 2GiB",
            o => o.KVCacheMemoryBytes, (o, v) => o with { KVCacheMemoryBytes = v }),
        new EngineOption<bool>(
            "batch-invariant", Switch, "Compute the same bits for a token whatever else is in the batch",
            o => o.BatchInvariant, (o, v) => o with { BatchInvariant = v }),
        new EngineOption<RunnerKind>(
            "runner", Choice(EngineChoices.Runners), "Model runner; auto is the fastest there is", o => o.Runner,
            (o, v) => o with { Runner = v })
            { UnsupportedChoices = ["fast"] },
        new EngineOption<bool>(
            "enforce-eager", Switch, "Use the plain reference runner over TorchSharp", o => o.EnforceEager,
            (o, v) => o with { EnforceEager = v }),
        new EngineOption<int?>(
            "cpu-threads", Optional(Integer(1, 4096)), "Threads per shard on the CPU", o => o.CpuThreads,
            (o, v) => o with { CpuThreads = v })
            { DefaultHelp = "cores / shards" },
        new EngineOption<int>(
            "tensor-parallel-size", Integer(1, MaxShards), "Number of tensor parallel shards",
            o => o.TensorParallelSize, (o, v) => o with { TensorParallelSize = v }) { ShortFlag = "-tp", IsLayout = true },
        new EngineOption<int>(
            "pipeline-parallel-size", Integer(1, MaxShards), "Number of pipeline stages",
            o => o.PipelineParallelSize, (o, v) => o with { PipelineParallelSize = v }) { ShortFlag = "-pp", IsLayout = true },
        new EngineOption<IReadOnlyList<int>?>(
            "pipeline-layer-partition", Numbers, "Layers of each pipeline stage",
            o => o.PipelineLayerPartition, (o, v) => o with { PipelineLayerPartition = v }) { DefaultHelp = "divided evenly",
                IsLayout = true },
        new EngineOption<int>(
            "data-parallel-size", Integer(1, MaxShards), "Number of data parallel ranks, each with its own KV cache",
            o => o.DataParallelSize, (o, v) => o with { DataParallelSize = v }) { ShortFlag = "-dp", IsLayout = true },
        new EngineOption<ExecutorBackend>(
            "distributed-executor-backend", Choice(EngineChoices.Backends),
            "What runs the shards of a rank: threads (uni), processes (mp), or the nodes of a grid",
            o => o.DistributedExecutorBackend, (o, v) => o with { DistributedExecutorBackend = v })
            { IsLayout = true, Hint = value => value == "ray" ? "What Ray does over several machines, 'grid' does here." : null },
        new EngineOption<TimeSpan>(
            "collective-timeout", Time, "How long a shard waits for another one",
            o => o.CollectiveTimeout, (o, v) => o with { CollectiveTimeout = v }),
        new EngineOption<bool>(
            "enable-expert-parallel", Switch, "Place whole experts on shards of their own",
            o => o.EnableExpertParallel, (o, v) => o with { EnableExpertParallel = v }),
        new EngineOption<int?>(
            "expert-parallel-size", Optional(Integer(1, MaxShards)), "Number of expert shards",
            o => o.ExpertParallelSize, (o, v) => o with { ExpertParallelSize = v }) { DefaultHelp = "tensor x data", IsLayout = true },
        new EngineOption<ExpertPlacementStrategy>(
            "expert-placement-strategy", Choice(EngineChoices.ExpertPlacements), "How experts are assigned to shards",
            o => o.ExpertPlacementStrategy, (o, v) => o with { ExpertPlacementStrategy = v }),
        new EngineOption<bool>(
            "enable-eplb", Switch, "Balance expert shards by moving and copying experts", o => o.EnableEplb,
            (o, v) => o with { EnableEplb = v }),
        new EngineOption<EplbOptions>(
            "eplb-config", EplbOptions.Type, "Settings of the expert balancer", o => o.Eplb, (o, v) => o with { Eplb = v }),
        new PlannedOption("kv-cache-dtype"),
        new PlannedOption("kv-offloading-size"),
        new PlannedOption("kv-offloading-dir"),
        new PlannedOption("enable-auto-tool-choice"),
        new PlannedOption("tool-call-parser"),
        new PlannedOption("reasoning-parser"),
        new PlannedOption("chat-template-content-format"),
        new PlannedOption("default-chat-template-kwargs"),
        new PlannedOption("trust-request-chat-template"),
    ];

    /// <summary>The row of a flag's name without dashes.</summary>
    /// <exception cref="KeyNotFoundException">There is no such row.</exception>
    public static EngineOption Row(string name) => Rows.FirstOrDefault(row => row.Name == name)
        ?? throw new KeyNotFoundException($"No engine option is called '{name}'.");

    /// <summary>The row of a key of grid.yaml; null if there is none.</summary>
    public static EngineOption? Find(string key) => Rows.FirstOrDefault(row => row.Key == key);

    /// <summary>Sets options from keys and texts.</summary>
    /// <param name="options">The options that are changed.</param>
    /// <param name="values">Texts by key, as a model's specification has them.</param>
    /// <param name="path">Stands before each key in faults: <c>models.guide.engine.</c></param>
    /// <returns>The options and all faults; what is at fault stays as it was.</returns>
    public static (EngineOptions Options, IReadOnlyList<string> Faults) Read(
        EngineOptions options, IEnumerable<KeyValuePair<string, string>> values, string path)
    {
        var faults = new List<string>();
        foreach (var (key, text) in values)
        {
            if (Find(key) is not { } row) faults.Add($"{path}{key} must be a known option; got '{key}'.");
            else if (row.TrySet(options, text, out var changed)) options = changed;
            else faults.Add(row.Fault(path + key, text));
        }

        return (options, faults);
    }

    /// <summary>Options as keys and texts, without those at their defaults and those of the layout, which the planner decides.</summary>
    public static Dictionary<string, string> Write(EngineOptions options)
    {
        var texts = new Dictionary<string, string>();
        foreach (var row in Rows.Where(row => !row.IsLayout))
            if (row.TextOf(options) is { } text && text != row.Default) texts[row.Key] = IsPath(row, text) ? Path.GetFullPath(text) : text;
        return texts;
    }

    private static bool IsPath(EngineOption row, string text) => row.Form == OptionForm.Path && !row.Choices.Contains(text);
}
