using System.CommandLine;
using Grid.Cli.CommandLine;
using Grid.Cli.Devices;
using Grid.Engine.Planning;
using Grid.Primitives.Options;

namespace Grid.Cli.Plan;

/// <summary>Flags that say which devices there are.</summary>
internal sealed class InventoryFlags
{
    private readonly Option<int?> _nodes = Flags.OptionalInteger("--nodes", 1, DeviceSpec.MaxCount, "Nodes [default: 1]");
    private readonly Option<int?> _perNode =
        Flags.OptionalInteger("--gpus-per-node", 1, DeviceSpec.MaxCount, "Devices of each node [default: 1]");
    private readonly Option<long?> _memory = Flags.Bytes("--gpu-memory", "Memory of each device, such as 80GiB");
    private readonly Option<bool> _noNVLink = Flags.Switch("--no-nvlink", "The devices of a node have no fast link");
    private readonly DeviceFlag _device = new(
        "auto|cpu[:MEM]|cuda:NxMEM|sim:NxMEM",
        "Devices of a node, such as sim:8x80GiB; may be repeated, once per node [default: auto, this machine's]",
        spec => spec is { IsAuto: true } or { Kind: DeviceKind.Cpu } or { MemoryBytes: not null });

    public IEnumerable<Option> Options => [_nodes, _perNode, _memory, _noNVLink, _device.Option];

    /// <summary>The devices that the flags name, or this machine's.</summary>
    /// <param name="result">A line without parse errors.</param>
    /// <param name="ranks">Ranks of the layout that was asked for: a CPU offers as many virtual devices.</param>
    /// <exception cref="CommandException">Flags that do not go together, or a value that is none.</exception>
    public DeviceInventory Read(ParseResult result, int ranks)
    {
        var devices = _device.Read(result);
        var counted = result.GetValue(_nodes) is not null || result.GetValue(_perNode) is not null || result.GetValue(_memory) is not null;
        if (counted && devices.Count > 0)
            throw new CommandException("--device cannot be combined with --nodes, --gpus-per-node and --gpu-memory.");
        var hasNVLink = !result.GetValue(_noNVLink);
        if (devices.Count > 0 && devices is not [{ IsAuto: true }]) return Read(devices, ranks, hasNVLink);
        if (!counted)
        {
            return NvidiaSmi.FindDevices() is { Count: > 0 } found
                ? new DeviceInventory([found.Node], found.HasNVLink && hasNVLink) : DeviceInventory.Host(ranks);
        }

        var memory = result.GetValue(_memory)
            ?? throw new CommandException("--gpu-memory must be given with --nodes or --gpus-per-node, such as 80GiB.");
        return DeviceInventory.Uniform(result.GetValue(_nodes) ?? 1, result.GetValue(_perNode) ?? 1, memory, hasNVLink);
    }

    private static DeviceInventory Read(IReadOnlyList<DeviceSpec> devices, int ranks, bool hasNVLink)
    {
        if (devices is [{ Kind: DeviceKind.Cpu } cpu]) return DeviceInventory.Host(ranks, cpu.MemoryBytes);
        if (devices.FirstOrDefault(device => device.MemoryBytes is null || device.Kind == DeviceKind.Cpu) is not null)
            throw new CommandException($"--device auto and cpu must be the only device; got {devices.Count} devices.");
        return new DeviceInventory(
            [.. devices.Select(
            (device, index) => InventoryNode.Uniform(index, device.Count, device.MemoryBytes!.Value, device.Kind!.Value))], hasNVLink);
    }
}
