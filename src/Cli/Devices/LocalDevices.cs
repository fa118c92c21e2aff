using Grid.Cli.CommandLine;
using Grid.Engine.Devices;
using Grid.Primitives.Options;

namespace Grid.Cli.Devices;

/// <summary>The devices of an engine in this process.</summary>
internal static class LocalDevices
{
    /// <summary>What <c>--device</c> names; without it the CUDA devices from the first, else the CPU.</summary>
    /// <exception cref="CommandException">More than one value, or the memory of a CPU device.</exception>
    public static DeviceList Of(IReadOnlyList<DeviceSpec> specs)
    {
        if (specs.Count > 1) throw CommandException.NotSupported($"{specs.Count} --device flags");
        return (specs.Count == 0 ? DeviceSpec.Auto : specs[0]) switch
        {
            { IsAuto: true } => DeviceMemory.FindCuda() is [var first, ..] ? first : DeviceList.Cpu,
            { Kind: DeviceKind.Cpu, MemoryBytes: not null } => throw CommandException.NotSupported(
                "--device cpu:MEM (memory of a CPU device; --kv-cache-memory-bytes sets the size of the cache)"),
            { Kind: DeviceKind.Cpu } => DeviceList.Cpu,
            { Kind: var kind, Number: var number } => new DeviceId(kind!.Value, number ?? 0),
        };
    }
}
