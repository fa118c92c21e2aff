using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Grid.Primitives.Ids;

/// <summary>A device of a node, written <c>cpu</c>, <c>cuda:N</c> or <c>sim:N</c>; <c>cpu:N</c> is a share of the CPU in a plan.</summary>
/// <param name="Kind">What computes on it.</param>
/// <param name="Number">Its number among the node's devices of that kind, from 0; null for the CPU as a whole.</param>
[JsonConverter(typeof(IdJsonConverter<DeviceId>))]
public readonly record struct DeviceId(DeviceKind Kind, int? Number = null) : IGridId<DeviceId>
{
    /// <inheritdoc/>
    public static string Form => "cpu, cuda:N or sim:N";

    /// <summary>The CPU as a whole.</summary>
    public static DeviceId Cpu { get; } = new(DeviceKind.Cpu);

    /// <summary>The device's place among those of its kind; 0 for the CPU as a whole.</summary>
    public int Index => Number ?? 0;

    /// <summary>A CUDA device by its number.</summary>
    public static DeviceId Cuda(int number) => new(DeviceKind.Cuda, number);

    /// <summary>A simulated device by its number.</summary>
    public static DeviceId Sim(int number) => new(DeviceKind.Sim, number);

    /// <summary>Reads the text form; <c>cuda</c> alone is <c>cuda:0</c>.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static DeviceId Parse(string text) => IdText.Parse<DeviceId>(text);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeviceId id)
    {
        id = default;
        var colon = text is null ? -1 : text.IndexOf(':');
        if (!DeviceKinds.TryParse(colon < 0 ? text : text.AsSpan(0, colon), out var kind)) return false;
        if (colon < 0)
        {
            id = new DeviceId(kind, kind == DeviceKind.Cpu ? null : 0);
            return kind != DeviceKind.Sim;
        }

        var read = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (read) id = new DeviceId(kind, number);
        return read;
    }

    /// <inheritdoc/>
    public override string ToString() => Number is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"{DeviceKinds.NameOf(Kind)}:{number}")
        : DeviceKinds.NameOf(Kind);
}
