using Grid.Abstractions.Nodes;
using Grid.Engine.Configuration;
using Grid.Engine.Devices;
using Grid.Primitives.Options;
using Grid.Primitives.Units;

namespace Grid.Silo.Devices;

/// <summary>The devices that a node offers to placement.</summary>
public static class DeviceInventory
{
    /// <summary>The devices that <c>--device</c> names; simulated ones are numbered on from value to value.</summary>
    /// <param name="specs">The values of --device; if there are none, every CUDA device, else the CPU.</param>
    /// <exception cref="FormatException">A device is named twice.</exception>
    /// <exception cref="ModelLoadException">A CUDA device does not exist.</exception>
    public static DeviceFacts[] Find(IReadOnlyList<DeviceSpec> specs)
    {
        var devices = new List<DeviceFacts>();
        foreach (var spec in specs.Count == 0 ? [DeviceSpec.Auto] : specs)
        {
            foreach (var device in Find(spec, devices.Count(device => device.Id.Kind == DeviceKind.Sim)))
            {
                if (devices.Exists(other => other.Id == device.Id))
                    throw new FormatException($"--device must name each device once; got '{device.Id}' twice.");
                devices.Add(device);
            }
        }

        return [.. devices];
    }

    /// <summary>The same devices with their speeds, measured now; one log line lists them.</summary>
    /// <param name="devices">The devices as they were found.</param>
    /// <param name="cpuThreads">The threads of a shard on the CPU; null for all cores.</param>
    /// <param name="logger">The log of that line.</param>
    public static DeviceFacts[] Measure(IReadOnlyList<DeviceFacts> devices, int? cpuThreads, ILogger logger)
    {
        logger.DevicesFound(string.Join(", ", devices.Select(device => $"{device.Id} ({ByteSize.Format(device.MemoryBytes)})")));
        return
        [
            .. devices.Select(device => device with
            {
                Speed = DeviceSpeed.Measure(device.Id, cpuThreads ?? Environment.ProcessorCount),
            }),
        ];
    }

    private static IEnumerable<DeviceFacts> Find(DeviceSpec spec, int simulated) => spec switch
    {
        { IsAuto: true } => DeviceMemory.FindCuda() is { Count: > 0 } found ? found.Select(id => Facts(id)) : [Facts(DeviceId.Cpu)],
        { Kind: DeviceKind.Sim } => Enumerable.Range(simulated, spec.Count).Select(number => Facts(DeviceId.Sim(number), spec.MemoryBytes)),
        { Kind: DeviceKind.Cuda } => [Facts(DeviceId.Cuda(spec.Number ?? 0))],
        _ => [Facts(DeviceId.Cpu, spec.MemoryBytes)],
    };

    private static DeviceFacts Facts(DeviceId id, long? memoryBytes = null) =>
        new(id, memoryBytes ?? DeviceMemory.TotalOf(id));
}
