using System.Globalization;
using System.Text;
using Orleans.Serialization;
using Orleans.Storage;

namespace Grid.Grains.Persistence;

/// <summary>
/// How grain state is stored: one line of text with the format's version and the alias of the type, then Orleans' own encoding, which
/// tells members apart by their ids. Neither names of types nor of members are stored, so both may change.
/// </summary>
/// <remarks>
/// Version 1 is what was stored before there was a version: JSON with the names of types and members. It is read, never written.
/// </remarks>
internal sealed class GridStateSerializer(Serializer serializer) : IGrainStorageSerializer
{
    /// <summary>The grain storage that holds the state.</summary>
    public const string Storage = "grid";

    /// <summary>The version that is written.</summary>
    public const int Version = 2;

    private const string Mark = "grid-state";
    private const int MaxHeader = 256;

    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input)
    {
        var header = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Mark} {Version} {AliasOf<T>()}\n"));
        return new BinaryData((byte[])[.. header, .. serializer.SerializeToArray(input)]);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The data is of another type or of a version that this build does not know.</exception>
    public T? Deserialize<T>(BinaryData input)
    {
        var bytes = input.ToMemory();
        if (JsonState.IsJson(bytes.Span)) return JsonState.Read<T>(bytes.Span);
        var end = bytes.Span[..Math.Min(bytes.Length, MaxHeader)].IndexOf((byte)'\n');
        if (end < 0 || Encoding.ASCII.GetString(bytes.Span[..end]).Split(' ') is not [Mark, var number, var alias]
            || !int.TryParse(number, out var version))
            throw new InvalidDataException("Grain state must begin with its version and type; got something else.");
        if (version != Version)
            throw new InvalidDataException($"The version of grain state must be 1 or {Version}; got {version}. A newer build wrote it.");
        if (alias != AliasOf<T>()) throw new InvalidDataException($"Grain state must be of type {AliasOf<T>()}; got {alias}.");
        return serializer.Deserialize<T>(bytes[(end + 1)..]);
    }

    private static string AliasOf<T>() => typeof(T).GetCustomAttributes(typeof(AliasAttribute), false) is [AliasAttribute alias]
        ? alias.Alias
        : throw new InvalidOperationException($"{typeof(T).Name} must have an alias to be stored.");
}
