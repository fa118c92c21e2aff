namespace Grid.Primitives.Ids;

/// <summary>The names of device kinds in flags, ids and JSON.</summary>
public static class DeviceKinds
{
    private static readonly (DeviceKind Kind, string Name)[] Names =
        [(DeviceKind.Cpu, "cpu"), (DeviceKind.Cuda, "cuda"), (DeviceKind.Sim, "sim")];

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>sim</c>.</summary>
    public static string NameOf(DeviceKind kind) => Names[(int)kind].Name;

    /// <summary>Reads what <see cref="NameOf"/> writes.</summary>
    /// <exception cref="FormatException">The name is anything else.</exception>
    public static DeviceKind Parse(string name) => TryParse(name, out var kind)
        ? kind
        : throw new FormatException($"The kind of a device must be cpu, cuda or sim; got '{name}'.");

    /// <summary>Reads what <see cref="NameOf"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out DeviceKind kind)
    {
        foreach (var (known, text) in Names)
        {
            kind = known;
            if (name.SequenceEqual(text)) return true;
        }

        kind = default;
        return false;
    }
}
