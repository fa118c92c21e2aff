using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Grid.Cli.CommandLine;
using Grid.Cli.Devices;
using Grid.Engine.Planning;
using Grid.Primitives.Units;

namespace Grid.Cli.Plan;

/// <summary>Flags that say which devices there are.</summary>
internal sealed partial class InventoryFlags
{
    private const int MostDevices = 4096;
    private const string DeviceRule = "sim:NxMEM, cuda:NxMEM (a node each) or cpu[:MEM]";

    private readonly Option<int?> _nodes = Flags.OptionalInteger("--nodes", 1, MostDevices, "Number of nodes [default: 1]");
    private readonly Option<int?> _perNode =
        Flags.OptionalInteger("--gpus-per-node", 1, MostDevices, "Number of devices per node [default: 1]");
    private readonly Option<long?> _memory = Flags.Bytes("--gpu-memory", "Memory per device, such as 80GiB");
    private readonly Option<bool> _noNVLink = Flags.Switch("--no-nvlink", "The devices of a node are not linked by NVLink");
    private readonly Option<string[]> _device = new("--device") { HelpName = "sim:NxMEM",
        Description = "A node's devices, such as sim:8x80GiB; may be repeated, once per node [default: this machine's]" };

    public IEnumerable<Option> Options => [_nodes, _perNode, _memory, _noNVLink, _device];

    /// <summary>The devices that the flags name, or this machine's.</summary>
    /// <param name="result">A line without parse errors.</param>
    /// <param name="ranks">Ranks of the layout that was asked for: a CPU offers as many virtual devices.</param>
    /// <exception cref="CommandException">Flags that do not go together, or a value that is none.</exception>
    public DeviceInventory Read(ParseResult result, int ranks)
    {
        var devices = result.GetValue(_device) ?? [];
        var counted = result.GetValue(_nodes) is not null || result.GetValue(_perNode) is not null || result.GetValue(_memory) is not null;
        if (counted && devices.Length > 0)
            throw new CommandException("--device cannot be combined with --nodes, --gpus-per-node and --gpu-memory.");
        var hasNVLink = !result.GetValue(_noNVLink);
        if (devices.Length > 0) return Read(devices, ranks, hasNVLink);
        if (!counted)
            return NvidiaSmi.FindDevices() is { Count: > 0 } found
                ? new DeviceInventory([found.Node], found.HasNVLink && hasNVLink)
                : DeviceInventory.Host(ranks);
        var memory = result.GetValue(_memory)
            ?? throw new CommandException("--gpu-memory must be given with --nodes or --gpus-per-node, such as 80GiB.");
        return DeviceInventory.Uniform(result.GetValue(_nodes) ?? 1, result.GetValue(_perNode) ?? 1, memory, hasNVLink);
    }

    private static DeviceInventory Read(string[] devices, int ranks, bool hasNVLink)
    {
        if (devices.Any(device => device == "cpu" || device.StartsWith("cpu:", StringComparison.Ordinal)))
        {
            if (devices is not [var cpu])
                throw new CommandException($"--device cpu cannot be combined with other devices; got {devices.Length} devices.");
            return DeviceInventory.Host(ranks, cpu == "cpu" ? null : Bytes(cpu, cpu["cpu:".Length..]));
        }

        return new DeviceInventory([.. devices.Select(Node)], hasNVLink);
    }

    private static InventoryNode Node(string device, int index)
    {
        var match = NodeForm().Match(device);
        if (!match.Success || !int.TryParse(match.Groups["count"].Value, CultureInfo.InvariantCulture, out var count)
            || count is < 1 or > MostDevices)
            throw new CommandException($"--device must be {DeviceRule}, with 1 to {MostDevices} devices; got '{device}'.");
        return InventoryNode.Uniform(index, count, Bytes(device, match.Groups["memory"].Value), match.Groups["kind"].Value);
    }

    private static long Bytes(string device, string text) => ByteSize.TryParse(text, out var bytes) && bytes > 0
        ? bytes : throw new CommandException($"--device must be {DeviceRule}, with MEM as {ByteSize.Rule}; got '{device}'.");

    [GeneratedRegex(@"^(?<kind>sim|cuda):(?<count>\d+)x(?<memory>.+)$")]
    private static partial Regex NodeForm();
}
