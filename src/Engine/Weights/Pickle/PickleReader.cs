using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Grid.Engine.Weights.Pickle;

/// <summary>The bytes of a pickle, front to back.</summary>
internal ref struct PickleReader(ReadOnlySpan<byte> pickle)
{
    private readonly ReadOnlySpan<byte> _pickle = pickle;

    public int Position { get; private set; }

    public byte Byte() => Bytes(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(sizeof(ushort)));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(sizeof(uint)));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(sizeof(double)));

    public string Utf8(ulong length) => Encoding.UTF8.GetString(Bytes(length));

    /// <summary>A whole number of any length: a long where it fits.</summary>
    public object Integer(ulong length)
    {
        var number = new BigInteger(Bytes(length));
        return number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;
    }

    /// <summary>Text up to the end of the line.</summary>
    public string Line()
    {
        var length = _pickle[Position..].IndexOf((byte)'\n');
        if (length < 0) throw Truncated();
        var line = Encoding.UTF8.GetString(_pickle.Slice(Position, length));
        Position += length + 1;
        return line;
    }

    public ReadOnlySpan<byte> Bytes(ulong length)
    {
        if (length > (ulong)(_pickle.Length - Position)) throw Truncated();
        var bytes = _pickle.Slice(Position, (int)length);
        Position += bytes.Length;
        return bytes;
    }

    private readonly PickleException Truncated() =>
        new($"the pickle is truncated: it ends at byte {_pickle.Length} without being complete");
}
