using Grid.Abstractions.Nodes;
using Grid.Engine.Configuration;
using Grid.Primitives.Units;

namespace Grid.Silo.Devices;

/// <summary>Who has reserved how much of each device. Safe from any thread.</summary>
internal sealed class DeviceLedger(IReadOnlyList<DeviceFacts> devices)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DeviceId Device, long Bytes)> _entries = [];

    /// <summary>Reserves; repeating it for one owner changes nothing.</summary>
    /// <param name="owner">The shard that the memory is for, such as smollm2/r0@7/dp0/pp0/tp0.</param>
    /// <param name="device">A device of this node.</param>
    /// <param name="bytes">The memory that the plan reserves.</param>
    /// <exception cref="ModelLoadException">There is no such device, or it has less room.</exception>
    public void Reserve(string owner, DeviceId device, long bytes)
    {
        lock (_gate)
        {
            if (_entries.ContainsKey(owner)) return;
            var facts = devices.FirstOrDefault(facts => facts.Id == device)
                ?? throw new ModelLoadException(
                $"{owner} is placed on {device}, and this node has {string.Join(", ", devices.Select(facts => facts.Id))}.",
                    ModelLoadFault.Layout);
            var reserved = ReservedOn(device);
            if (bytes > facts.MemoryBytes - reserved)
                throw new ModelLoadException(
                    $"{owner} needs {ByteSize.Format(bytes)} of {device}, which has {ByteSize.Format(facts.MemoryBytes)}, of which "
                    + $"{ByteSize.Format(reserved)} are reserved.",
                    ModelLoadFault.DoesNotFit);
            _entries.Add(owner, (device, bytes));
        }
    }

    /// <summary>Gives back; unknown owners are ignored.</summary>
    public void Release(string owner)
    {
        lock (_gate) _entries.Remove(owner);
    }

    /// <summary>Bytes reserved on a device.</summary>
    public long Reserved(DeviceId device)
    {
        lock (_gate) return ReservedOn(device);
    }

    private long ReservedOn(DeviceId device) => _entries.Values.Where(entry => entry.Device == device).Sum(entry => entry.Bytes);
}
