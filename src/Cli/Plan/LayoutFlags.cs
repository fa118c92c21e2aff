using System.CommandLine;
using Grid.Cli.CommandLine;
using Grid.Cli.Options;
using Grid.Engine;

namespace Grid.Cli.Plan;

/// <summary>Flags of the engine that a plan depends on; the sizes force a layout.</summary>
internal sealed class LayoutFlags
{
    private const int MostShards = 65536;
    private static readonly EngineOptions Defaults = new();

    private readonly Option<int?> _tensor = Size("--tensor-parallel-size", "-tp", "Tensor shards of a stage [default: planned]");
    private readonly Option<int?> _pipeline = Size("--pipeline-parallel-size", "-pp", "Stages of a rank [default: planned]");
    private readonly Option<int?> _data = Size("--data-parallel-size", "-dp", "Ranks with a KV cache each [default: planned]");
    private readonly Option<bool> _experts = Flags.Switch("--enable-expert-parallel", "Whole experts on shards of their own");
    private readonly Option<int?> _expertShards =
        Flags.OptionalInteger("--expert-parallel-size", 1, MostShards, "Expert shards [default: tensor x data]");
    private readonly Option<string?> _partition = Flags.Text("--pipeline-layer-partition", "A,B,C",
        "Layers of each stage [default: by vLLM's rule, or by memory where devices differ]");
    private readonly Option<int?> _maxModelLen = ModelLength.Flag("--max-model-len",
        "Longest prompt and output together: 4096, 4k, or auto (-1) for the longest that fits [default: the model's]");
    private readonly Option<string> _dtype =
        Flags.Choice("--dtype", Defaults.DType, ["auto", "float32", "bfloat16", "float16"], "Type of weights and KV cache");
    private readonly Option<double> _utilization =
        Flags.Number("--gpu-memory-utilization", Defaults.GpuMemoryUtilization, 0.01, 1, "Share of a device's memory to use");
    private readonly Option<int> _blockSize =
        Flags.Integer("--block-size", Defaults.BlockSize, 1, 1024, "Tokens that a KV cache block holds");
    private readonly Option<string?> _revision =
        Flags.Text("--revision", "NAME", "Branch, tag or commit of a model of the hub [default: main]");

    public IEnumerable<Option> Options =>
        [_tensor, _pipeline, _data, _experts, _expertShards, _partition, _maxModelLen, _dtype, _utilization, _blockSize, _revision];

    /// <summary>Whether a size was given: the layout is then the line's.</summary>
    public bool IsForced(ParseResult result) =>
        new[] { _tensor, _pipeline, _data, _expertShards }.Any(flag => result.GetValue(flag) is not null)
        || result.GetValue(_experts) || result.GetValue(_partition) is not null;

    /// <summary>The options that the flags ask for.</summary>
    /// <exception cref="CommandException">A list of layers that is none.</exception>
    public EngineOptions Read(ParseResult result, string model) => new()
    {
        Model = model,
        Revision = result.GetValue(_revision),
        DType = result.GetRequiredValue(_dtype),
        MaxModelLen = result.GetValue(_maxModelLen),
        GpuMemoryUtilization = result.GetValue(_utilization),
        BlockSize = result.GetValue(_blockSize),
        TensorParallelSize = result.GetValue(_tensor) ?? 1,
        PipelineParallelSize = result.GetValue(_pipeline) ?? 1,
        DataParallelSize = result.GetValue(_data) ?? 1,
        EnableExpertParallel = result.GetValue(_experts),
        ExpertParallelSize = result.GetValue(_expertShards),
        PipelineLayerPartition = result.GetValue(_partition) is { } text ? ReadPartition(text) : null,
    };

    private static int[] ReadPartition(string text) => [.. text.Split(',').Select(part => int.TryParse(part, out var layers) && layers > 0

            ? layers
            : throw new CommandException(
            $"--pipeline-layer-partition must be whole numbers of at least 1 with commas between; got '{text}'."))];

    private static Option<int?> Size(string name, string alias, string description)
    {
        var option = Flags.OptionalInteger(name, 1, MostShards, description);
        option.Aliases.Add(alias);
        return option;
    }
}
