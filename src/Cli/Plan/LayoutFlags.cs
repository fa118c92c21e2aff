using System.CommandLine;
using Grid.Cli.Options;
using Grid.Primitives.Options;

namespace Grid.Cli.Plan;

/// <summary>Flags of the engine that a plan depends on; the sizes force a layout.</summary>
internal sealed class LayoutFlags
{
    private const string Planned = "planned";

    private readonly EngineFlag[] _layout =
    [
        Flag("tensor-parallel-size", Planned), Flag("pipeline-parallel-size", Planned), Flag("data-parallel-size", Planned),
        Flag("enable-expert-parallel"), Flag("expert-parallel-size"),
        Flag("pipeline-layer-partition", "vLLM's rule, or by memory where devices differ"),
    ];

    private readonly EngineFlag[] _others =
    [
        Flag("max-model-len"), Flag("dtype"), Flag("gpu-memory-utilization"), Flag("block-size"), Flag("revision"),
    ];

    public IEnumerable<Option> Options => _layout.Concat(_others).SelectMany(flag => flag.Options);

    /// <summary>Whether a size is given: the layout is then the line's.</summary>
    public bool IsForced(ParseResult result) => _layout.Any(flag => flag.Read(result) is not null);

    /// <summary>The options that the flags ask for.</summary>
    public EngineOptions Read(ParseResult result, string model) =>
        EngineFlags.Apply(_layout.Concat(_others), result, new EngineOptions { Model = model });

    private static EngineFlag Flag(string name, string? defaultText = null) => new(EngineOptionTable.Row(name), defaultText);
}
