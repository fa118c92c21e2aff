using System.Globalization;
using Grid.Abstractions.Nodes;
using Grid.Engine.Execution;
using Grid.Primitives.Units;

namespace Grid.Silo.Devices;

/// <summary>Reads <c>--device</c>: what a node offers to placement.</summary>
public static class DeviceInventory
{
    /// <summary>What a flag looks like, for error texts.</summary>
    public const string Rule = "cpu, cpu:MEM (cpu:8GiB), cuda:N (cuda:0) or sim:NxMEM (sim:1x8GiB)";

    private const int MaxSimulated = 1024;

    /// <summary>The devices of all flags; simulated ones are counted on from flag to flag.</summary>
    /// <param name="flags">None: one cpu.</param>
    /// <exception cref="FormatException">A flag is none, or names a device twice.</exception>
    /// <exception cref="Engine.ModelLoadException">A CUDA device is not there.</exception>
    public static DeviceFacts[] Parse(IReadOnlyList<string> flags)
    {
        var devices = new List<DeviceFacts>();
        foreach (var flag in flags.Count == 0 ? ["cpu"] : flags)
            foreach (var device in Parse(flag, devices.Count(device => device.Kind == "sim")))
            {
                if (devices.Exists(other => other.Id == device.Id))
                    throw new FormatException($"--device {flag}: {device.Id} is given twice.");
                devices.Add(device);
            }

        return [.. devices];
    }

    /// <summary>The same devices with their speeds, measured now.</summary>
    /// <param name="devices">As typed.</param>
    /// <param name="cpuThreads">Of a shard on the CPU; null: all cores.</param>
    public static DeviceFacts[] Measure(IEnumerable<DeviceFacts> devices, int? cpuThreads) =>
        [.. devices.Select(device => device with { Speed = DeviceSpeed.Measure(device.Id, cpuThreads ?? Environment.ProcessorCount) })];

    private static IEnumerable<DeviceFacts> Parse(string flag, int simulated)
    {
        var (kind, rest) = flag.Split(':', 2) is [var left, var right] ? (left, right) : (flag, null);
        switch (kind)
        {
            case "cpu" when rest is null:
                return [new DeviceFacts("cpu", kind, DeviceMemory.TotalOf("cpu"))];
            case "cpu" when ByteSize.TryParse(rest, out var bytes) && bytes > 0:
                return [new DeviceFacts("cpu", kind, bytes)];
            case "cuda" when int.TryParse(rest ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var index):
                return [new DeviceFacts($"cuda:{index}", kind, DeviceMemory.TotalOf($"cuda:{index}"))];
            case "sim"
                when rest?.Split('x', 2) is [var number, var size]
                    && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                            && count is >= 1 and <= MaxSimulated && ByteSize.TryParse(size, out var memory) && memory > 0:
                return Enumerable.Range(simulated, count).Select(i => new DeviceFacts($"sim:{i}", kind, memory));
            default:
                throw new FormatException($"--device must be {Rule}; got '{flag}'.");
        }
    }
}
