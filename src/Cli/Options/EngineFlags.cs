using System.CommandLine;
using System.Text.Json.Nodes;
using Grid.Cli.CommandLine;
using Grid.Cli.Devices;
using Grid.Primitives.Options;

namespace Grid.Cli.Options;

/// <summary>vLLM's engine flags, one for each row of the table of engine options.</summary>
internal sealed class EngineFlags
{
    private readonly EngineFlag[] _flags = [.. EngineOptionTable.Rows.Select(row => new EngineFlag(row))];

    private readonly DeviceFlag _device = new(
        "auto|cpu[:MEM]|cuda:N|sim:NxMEM",
        "Devices to use; may be repeated [default: auto, every CUDA device there is, else the CPU]",
        spec => spec is not { Kind: DeviceKind.Cuda, MemoryBytes: not null });

    /// <summary>All flags.</summary>
    public IEnumerable<Option> Options => [.. _flags.SelectMany(flag => flag.Options), _device.Option];

    /// <summary>The options that the flags ask for, of an engine in this process.</summary>
    /// <param name="result">A line without parse errors.</param>
    /// <param name="model">Folder, file, <c>owner/name</c> or <c>sim</c>.</param>
    /// <exception cref="CommandException">A value that this version does not have.</exception>
    public EngineOptions Read(ParseResult result, string model) =>
        ReadModel(result, model) with { Devices = LocalDevices.Of(_device.Read(result)) };

    /// <summary>All <c>--device</c> flags.</summary>
    public IReadOnlyList<DeviceSpec> ReadDevices(ParseResult result) => _device.Read(result);

    /// <summary>The options that the flags ask for, on whatever device it is placed.</summary>
    /// <inheritdoc cref="Read"/>
    public EngineOptions ReadModel(ParseResult result, string model)
    {
        var options = Apply(_flags, result, new EngineOptions { Model = model });
        return options.DistributedExecutorBackend == ExecutorBackend.Grid
            ? throw CommandException.NotSupported("--distributed-executor-backend grid")
            : options;
    }

    /// <summary>The options that are given, as keys of engine: in grid.yaml.</summary>
    /// <exception cref="CommandException">A flag that a deployed model cannot have (2).</exception>
    public JsonObject ReadKeys(ParseResult result)
    {
        if (_device.Read(result).Count > 0) throw new CommandException("--device applies to nodes and cannot be set for a deployed model.");
        var keys = new JsonObject();
        foreach (var flag in _flags)
            if (flag.Read(result) is { } text) keys[flag.Row.Key] = JsonOf(flag.Row, text);
        return keys;
    }

    /// <summary>Options with the values of the flags that are given.</summary>
    public static EngineOptions Apply(IEnumerable<EngineFlag> flags, ParseResult result, EngineOptions options)
    {
        foreach (var flag in flags)
            if (flag.Read(result) is { } text) flag.Row.TrySet(options, text, out options);
        return options;
    }

    // Numbers and truth values have to be literals: a text that looks like one is refused.
    private static JsonNode? JsonOf(EngineOption row, string text) =>
        row.Form is OptionForm.Switch or OptionForm.Integer or OptionForm.Number ? JsonNode.Parse(text) : JsonValue.Create(text);
}
