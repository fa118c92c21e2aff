using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Grid.Engine.Configuration;

namespace Grid.Engine.Weights.Gguf;

/// <summary>Reads a GGUF header from front to back, never past the end of the file.</summary>
internal sealed class GgufCursor(MappedFile file)
{
    private const int MaxArrayDepth = 4;

    public long Position { get; private set; }

    public T Read<T>(string what) where T : unmanaged
    {
        var size = Unsafe.SizeOf<T>();
        Need(size, what);
        var value = MemoryMarshal.Read<T>(file.Span(Position, size));
        Position += size;
        return value;
    }

    public string ReadString(string what)
    {
        var length = ReadCount(what, 1);
        var text = Encoding.UTF8.GetString(file.Span(Position, length));
        Position += length;
        return text;
    }

    /// <summary>A count of things that take at least <paramref name="leastBytes"/> each in what is left of the file.</summary>
    public int ReadCount(string what, int leastBytes)
    {
        var count = Read<ulong>(what);
        var most = Math.Min(file.Length - Position, Array.MaxLength) / leastBytes;
        return count <= (ulong)most
            ? (int)count
            : throw Broken($"{what} counts {count} where at most {most} fit into the rest of the file; it is broken or truncated");
    }

    /// <summary>A metadata value: a number, bool, string, or an array of one type.</summary>
    public object ReadValue(string key, GgufValueType type, int depth = 0) => type switch
    {
        GgufValueType.UInt8 => Read<byte>(key),
        GgufValueType.Int8 => Read<sbyte>(key),
        GgufValueType.UInt16 => Read<ushort>(key),
        GgufValueType.Int16 => Read<short>(key),
        GgufValueType.UInt32 => Read<uint>(key),
        GgufValueType.Int32 => Read<int>(key),
        GgufValueType.Float32 => Read<float>(key),
        GgufValueType.Bool => Read<byte>(key) != 0,
        GgufValueType.String => ReadString(key),
        GgufValueType.UInt64 => Read<ulong>(key),
        GgufValueType.Int64 => Read<long>(key),
        GgufValueType.Float64 => Read<double>(key),
        GgufValueType.Array => ReadArray(key, depth),
        _ => throw Broken($"metadata {key} is of the unknown type {(uint)type}"),
    };

    public ModelLoadException Broken(string what) => new($"{file.Path}: {what}.");

    private object ReadArray(string key, int depth)
    {
        if (depth == MaxArrayDepth) throw Broken($"metadata {key} nests arrays more than {MaxArrayDepth} deep");
        var type = (GgufValueType)Read<uint>(key);
        return type switch
        {
            GgufValueType.UInt8 => ReadNumbers<byte>(key),
            GgufValueType.Int8 => ReadNumbers<sbyte>(key),
            GgufValueType.UInt16 => ReadNumbers<ushort>(key),
            GgufValueType.Int16 => ReadNumbers<short>(key),
            GgufValueType.UInt32 => ReadNumbers<uint>(key),
            GgufValueType.Int32 => ReadNumbers<int>(key),
            GgufValueType.Float32 => ReadNumbers<float>(key),
            GgufValueType.UInt64 => ReadNumbers<ulong>(key),
            GgufValueType.Int64 => ReadNumbers<long>(key),
            GgufValueType.Float64 => ReadNumbers<double>(key),
            GgufValueType.Bool => Array.ConvertAll(ReadNumbers<byte>(key), value => value != 0),
            GgufValueType.String => ReadItems(key, sizeof(ulong), () => ReadString(key)),
            GgufValueType.Array => ReadItems(key, sizeof(uint) + sizeof(ulong), () => ReadArray(key, depth + 1)),
            _ => throw Broken($"metadata {key} is an array of the unknown type {(uint)type}"),
        };
    }

    private T[] ReadNumbers<T>(string key) where T : unmanaged
    {
        var numbers = new T[ReadCount(key, Unsafe.SizeOf<T>())];
        var bytes = MemoryMarshal.AsBytes(numbers.AsSpan());
        file.Span(Position, bytes.Length).CopyTo(bytes);
        Position += bytes.Length;
        return numbers;
    }

    private T[] ReadItems<T>(string key, int leastBytes, Func<T> read)
    {
        var items = new T[ReadCount(key, leastBytes)];
        for (var i = 0; i < items.Length; i++) items[i] = read();
        return items;
    }

    private void Need(int size, string what)
    {
        if (file.Length - Position < size) throw Broken($"the file is truncated: it ends at byte {file.Length}, inside {what}");
    }
}
