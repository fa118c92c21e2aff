using System.Globalization;
using Grid.Primitives.Ids;
using Grid.Primitives.Units;

namespace Grid.Primitives.Options;

/// <summary>One value of <c>--device</c>.</summary>
/// <param name="Kind">The kind of device; null for <c>auto</c>: every CUDA device, else the CPU.</param>
/// <param name="Number">The number of the only device; null if none is given.</param>
/// <param name="Count">How many equal devices.</param>
/// <param name="MemoryBytes">The memory of each; null for all that it has.</param>
public sealed record DeviceSpec(DeviceKind? Kind, int? Number = null, int Count = 1, long? MemoryBytes = null)
{
    /// <summary>The most devices that one value may name.</summary>
    public const int MaxCount = 4096;

    private const string AutoText = "auto";

    /// <summary>Every CUDA device there is, else the CPU.</summary>
    public static DeviceSpec Auto { get; } = new((DeviceKind?)null);

    /// <summary>Whether it is <see cref="Auto"/>.</summary>
    public bool IsAuto => Kind is null;

    /// <summary>
    /// Reads <c>auto</c>, <c>cpu</c>, <c>cpu:8GiB</c>, <c>cuda</c>, <c>cuda:1</c>, <c>cuda:4x80GiB</c> and <c>sim:4x80GiB</c>; the last two
    /// are devices of a plan or of a simulation.
    /// </summary>
    public static bool TryParse(string text, out DeviceSpec spec)
    {
        spec = Auto;
        if (text == AutoText) return true;
        var (name, rest) = text.Split(':', 2) is [var left, var right] ? (left, right) : (text, null);
        if (!DeviceKinds.TryParse(name, out var kind)) return false;
        DeviceSpec? read = (kind, rest) switch
        {
            (DeviceKind.Cpu, null) => new DeviceSpec(kind),
            (DeviceKind.Cuda, null) => new DeviceSpec(kind, 0),
            (_, null) => null,
            (DeviceKind.Cpu, _) => ReadMemory(rest) is { } memory ? new DeviceSpec(kind, MemoryBytes: memory) : null,
            _ when rest.Split('x', 2) is [var count, var size] => ReadNumber(count) is >= 1 and <= MaxCount and var devices
                && ReadMemory(size) is { } memory ? new DeviceSpec(kind, null, devices, memory) : null,
            (DeviceKind.Cuda, _) => ReadNumber(rest) is { } number ? new DeviceSpec(kind, number) : null,
            _ => null,
        };
        spec = read ?? Auto;
        return read is not null;
    }

    /// <summary>Reads what <see cref="TryParse"/> reads.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static DeviceSpec Parse(string text) => TryParse(text, out var spec)
        ? spec : throw new FormatException($"A device must be auto, cpu[:MEM], cuda:N or sim:NxMEM; got '{text}'.");

    private static int? ReadNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static long? ReadMemory(string text) => ByteSize.TryParse(text, out var bytes) && bytes > 0 ? bytes : null;
}
