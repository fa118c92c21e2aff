using System.CommandLine;
using System.Text.RegularExpressions;
using Grid.Cli.CommandLine;
using Grid.Engine;

namespace Grid.Cli.Options;

/// <summary>vLLM's engine flags, as far as this version has them; the others parse and answer "not supported".</summary>
internal sealed partial class EngineFlags
{
    private static readonly EngineOptions Defaults = new() { Model = "" };

    private readonly Option<string> _dtype = Flags.Choice("--dtype", Defaults.DType, ["auto", "float32", "bfloat16", "float16"], "Type of weights and activations");
    private readonly Option<int?> _maxModelLen = ModelLength.Flag("--max-model-len", "Longest prompt and output together: 4096, 4k, or auto (-1) for the longest that fits [default: the model's]");
    private readonly Option<string?> _tokenizer = Flags.Text("--tokenizer", "FOLDER", "Where tokenizer files are [default: the model's]");
    private readonly Option<string?> _revision = Flags.Text("--revision", "NAME", "Branch, tag or commit of a model of the hub [default: main]");
    private readonly Option<string> _loadFormat = Flags.Choice("--load-format", Defaults.LoadFormat, ["auto", "dummy"], "auto, or random weights from config.json alone");
    private readonly Option<long?> _seed = Flags.OptionalLong("--seed", "Seeds dummy weights, and requests that bring no seed");
    private readonly Option<string> _quantization = Flags.Choice("--quantization", Defaults.Quantization, ["none", "int8"], "Quantization of the weights at load");
    private readonly Option<string?> _chatTemplate = Flags.Text("--chat-template", "FILE", "Jinja chat template [default: the model's]");
    private readonly Option<string?> _generationConfig = Flags.Text("--generation-config", "auto|vllm|FOLDER", "Where sampling defaults come from: auto (the model), vllm (neutral ones) or a folder [default: auto]");
    private readonly Option<int> _maxNumSeqs = Flags.Integer("--max-num-seqs", Defaults.MaxNumSeqs, 1, 65536, "Requests that run at once");
    private readonly Option<int> _maxNumBatchedTokens = Flags.Integer("--max-num-batched-tokens", Defaults.MaxNumBatchedTokens, 1, 1 << 24, "Tokens that a step computes at most");
    private readonly Option<int> _blockSize = Flags.Integer("--block-size", Defaults.BlockSize, 1, 1024, "Tokens that a KV cache block holds");
    private readonly OnOffFlag _prefixCaching = new("enable-prefix-caching", "Reuses the KV cache of equal prompt beginnings");
    private readonly OnOffFlag _chunkedPrefill = new("enable-chunked-prefill", "Computes long prompts in pieces beside other requests");
    private readonly Option<string> _schedulingPolicy = Flags.Choice("--scheduling-policy", Defaults.SchedulingPolicy, ["fcfs", "priority"], "Which request runs first");
    private readonly Option<int> _maxNumQueuedReqs = Flags.Integer("--max-num-queued-reqs", Defaults.MaxNumQueuedReqs, 1, int.MaxValue, "Requests that may wait; more get 429");
    private readonly Option<int> _maxLogprobs = Flags.Integer("--max-logprobs", Defaults.MaxLogprobs, -1, int.MaxValue, "Most logprobs that a request may ask for");
    private readonly Option<double> _gpuMemoryUtilization = Flags.Number("--gpu-memory-utilization", Defaults.GpuMemoryUtilization, 0.01, 1, "Share of a GPU's memory to use");
    private readonly Option<int?> _numGpuBlocks = Flags.OptionalInteger("--num-gpu-blocks-override", 1, int.MaxValue, "KV cache blocks, whatever the memory says");
    private readonly Option<long?> _kvCacheBytes = Flags.Bytes("--kv-cache-memory-bytes", "Memory of the KV cache, such as 2GiB");
    private readonly OnOffFlag _batchInvariant = new("batch-invariant", "Makes a token's bits independent of the batch");
    private readonly Option<string> _runner = Flags.Choice("--runner", Defaults.Runner, ["auto", "fast", "eager", "sim"], "What computes");
    private readonly Option<string[]> _device = new("--device") { HelpName = "cpu|cuda:N|sim:NxMEM", Description = "Where it computes [default: cpu]" };
    private readonly Option<int?> _cpuThreads = Flags.OptionalInteger("--cpu-threads", 1, 4096, "Threads of a shard [default: cores / shards]");
    private readonly Option<int> _tensorParallel = ParallelFlag("--tensor-parallel-size", "-tp", "Shards that every layer is divided over");
    private readonly Option<int> _pipelineParallel = ParallelFlag("--pipeline-parallel-size", "-pp", "Stages that the layers are divided over");
    private readonly Option<int> _dataParallel = ParallelFlag("--data-parallel-size", "-dp", "Attention ranks, each with its own KV cache");
    private readonly Option<string?> _layerPartition = Flags.Text("--pipeline-layer-partition", "A,B,C", "Layers of each pipeline stage [default: divided evenly]");
    private readonly Option<bool> _expertParallel = Flags.Switch("--enable-expert-parallel", "Puts whole experts on shards of their own");
    private readonly Option<int?> _expertParallelSize = Flags.OptionalInteger("--expert-parallel-size", 1, 65536, "Expert shards [default: tensor x data]");
    private readonly Option<string> _expertPlacement = Flags.Choice("--expert-placement-strategy", Defaults.ExpertPlacementStrategy, ["linear", "round_robin"], "Which expert stands on which shard");
    private readonly Option<bool> _eplb = Flags.Switch("--enable-eplb", "Copies and moves experts by their load");
    private readonly Option<string?> _eplbConfig = Flags.Text("--eplb-config", "JSON", "window_size, step_interval, num_redundant_experts");
    private readonly Option<TimeSpan> _collectiveTimeout = Flags.Duration("--collective-timeout", "30s", "How long a shard waits for another");
    private readonly Option<string?> _executor = Flags.Text("--distributed-executor-backend", "inprocess|process|grid", "Who runs the shards of a rank: threads (uni), processes (mp), or the nodes of a grid [default: inprocess]");

    public IEnumerable<Option> Options =>
    [
        _dtype, _maxModelLen, _tokenizer, _revision, _loadFormat, _seed, _quantization, _chatTemplate, _generationConfig, _maxNumSeqs,
        _maxNumBatchedTokens, _blockSize, .. _prefixCaching.Options, .. _chunkedPrefill.Options, _schedulingPolicy, _maxNumQueuedReqs,
        _maxLogprobs, _gpuMemoryUtilization, _numGpuBlocks, _kvCacheBytes, .. _batchInvariant.Options, _runner, _device, _cpuThreads,
        _tensorParallel, _pipelineParallel, _layerPartition, _dataParallel, _executor, _collectiveTimeout,
        _expertParallel, _expertParallelSize, _expertPlacement, _eplb, _eplbConfig,
    ];

    /// <summary>The options that the flags ask for, on the one device of a process that is no grid.</summary>
    /// <param name="result">A line without parse errors.</param>
    /// <param name="model">Folder, file, <c>owner/name</c> or <c>sim</c>.</param>
    /// <exception cref="CommandException">A value that this version does not have.</exception>
    public EngineOptions Read(ParseResult result, string model) => ReadModel(result, model) with { Device = ReadDevice(ReadDevices(result)) };

    /// <summary>All <c>--device</c> flags, as typed.</summary>
    public string[] ReadDevices(ParseResult result) => result.GetValue(_device) ?? [];

    /// <summary>The options that the flags ask for, on whatever device it is placed.</summary>
    /// <inheritdoc cref="Read"/>
    public EngineOptions ReadModel(ParseResult result, string model)
    {
        return new EngineOptions
        {
            Model = model,
            Tokenizer = result.GetValue(_tokenizer),
            Revision = result.GetValue(_revision),
            DType = result.GetRequiredValue(_dtype),
            MaxModelLen = result.GetValue(_maxModelLen),
            LoadFormat = result.GetRequiredValue(_loadFormat),
            Seed = result.GetValue(_seed),
            Quantization = result.GetRequiredValue(_quantization),
            GenerationConfig = result.GetValue(_generationConfig) ?? Defaults.GenerationConfig,
            ChatTemplate = result.GetValue(_chatTemplate),
            MaxNumSeqs = result.GetValue(_maxNumSeqs),
            MaxNumBatchedTokens = result.GetValue(_maxNumBatchedTokens),
            BlockSize = result.GetValue(_blockSize),
            EnablePrefixCaching = _prefixCaching.Read(result),
            EnableChunkedPrefill = _chunkedPrefill.Read(result),
            SchedulingPolicy = result.GetRequiredValue(_schedulingPolicy),
            MaxNumQueuedReqs = result.GetValue(_maxNumQueuedReqs),
            MaxLogprobs = result.GetValue(_maxLogprobs),
            GpuMemoryUtilization = result.GetValue(_gpuMemoryUtilization),
            NumGpuBlocksOverride = result.GetValue(_numGpuBlocks),
            KVCacheMemoryBytes = result.GetValue(_kvCacheBytes),
            BatchInvariant = _batchInvariant.Read(result),
            Runner = result.GetRequiredValue(_runner),
            CpuThreads = result.GetValue(_cpuThreads),
            TensorParallelSize = result.GetValue(_tensorParallel),
            PipelineParallelSize = result.GetValue(_pipelineParallel),
            PipelineLayerPartition = ReadPartition(result.GetValue(_layerPartition)),
            DataParallelSize = result.GetValue(_dataParallel),
            EnableExpertParallel = result.GetValue(_expertParallel),
            ExpertParallelSize = result.GetValue(_expertParallelSize),
            ExpertPlacementStrategy = result.GetRequiredValue(_expertPlacement),
            EnableEplb = result.GetValue(_eplb),
            Eplb = EplbConfig.Read(result.GetValue(_eplbConfig)),
            DistributedExecutorBackend = ReadExecutor(result.GetValue(_executor)),
            CollectiveTimeout = result.GetResult(_collectiveTimeout) is null ? Defaults.CollectiveTimeout : result.GetValue(_collectiveTimeout),
        };
    }

    private static Option<int> ParallelFlag(string name, string alias, string description)
    {
        var option = Flags.Integer(name, 1, 1, 65536, description);
        option.Aliases.Add(alias);
        return option;
    }

    private static int[]? ReadPartition(string? text)
    {
        if (text is null) return null;
        var counts = new List<int>();
        foreach (var part in text.Split(','))
            counts.Add(int.TryParse(part, out var count) ? count : throw new CommandException($"--pipeline-layer-partition must be numbers with commas between them, such as 5,9,8, '{text}' given."));
        return [.. counts];
    }

    private static string ReadDevice(string[] devices)
    {
        if (devices.Length > 1) throw CommandException.NotSupported($"{devices.Length} --device flags");
        if (devices is not [var device]) return Defaults.Device;
        if (!DeviceForm().IsMatch(device)) throw new CommandException($"--device must be cpu, cuda:N or sim:NxMEM (sim:1x8GiB), '{device}' given.");
        return device.StartsWith("cpu:", StringComparison.Ordinal) ? throw CommandException.NotSupported($"--device {device} (memory of a CPU device; --kv-cache-memory-bytes sets the cache's)") : device;
    }

    private static string ReadExecutor(string? given) => given switch
    {
        null or "inprocess" or "uni" => "inprocess",
        "process" or "mp" => "process",
        "ray" => throw new CommandException("--distributed-executor-backend must be inprocess, process or grid, 'ray' given. What Ray does over several machines, 'grid' does here."),
        "grid" => throw CommandException.NotSupported("--distributed-executor-backend grid"),
        _ => throw new CommandException($"--distributed-executor-backend must be inprocess, process or grid, '{given}' given."),
    };

    [GeneratedRegex(@"^(cpu(:[0-9.]+[KMGT]?i?B)?|cuda(:\d+)?|sim:\d+x[0-9.]+[KMGT]?i?B)$")]
    private static partial Regex DeviceForm();
}
