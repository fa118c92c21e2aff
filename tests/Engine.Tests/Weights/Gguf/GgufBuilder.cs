using System.Text;
using Grid.Engine.Weights;
using Grid.Engine.Weights.Gguf;

namespace Grid.Engine.Tests.Weights.Gguf;

/// <summary>Writes small GGUF files.</summary>
internal sealed class GgufBuilder
{
    private readonly List<(string Key, GgufValueType Type, Action<BinaryWriter> Write)> _metadata = [];
    private readonly List<(string Name, ulong[] Dimensions, uint Type, ulong Offset)> _tensors = [];
    private readonly List<byte> _data = [];

    public uint Magic { get; set; } = 0x46554747;

    public uint Version { get; set; } = 3;

    public ulong? TensorCount { get; set; }

    public ulong? MetadataCount { get; set; }

    public GgufBuilder Add(string key, GgufValueType type, Action<BinaryWriter> write)
    {
        _metadata.Add((key, type, write));
        return this;
    }

    public GgufBuilder Add(string key, string value) => Add(key, GgufValueType.String, writer => WriteString(writer, value));

    public GgufBuilder Add(string key, uint value) => Add(key, GgufValueType.UInt32, writer => writer.Write(value));

    public GgufBuilder Add(string key, float value) => Add(key, GgufValueType.Float32, writer => writer.Write(value));

    public GgufBuilder Add(string key, bool value) => Add(key, GgufValueType.Bool, writer => writer.Write(value));

    public GgufBuilder Add(string key, string[] values) => Add(key, GgufValueType.Array, writer =>
    {
        writer.Write((uint)GgufValueType.String);
        writer.Write((ulong)values.Length);
        foreach (var value in values) WriteString(writer, value);
    });

    /// <summary>A tensor with any header; offset null: where the data stands.</summary>
    public GgufBuilder AddTensor(string name, ulong[] dimensions, uint type, byte[] data, ulong? offset = null)
    {
        while (_data.Count % 32 != 0) _data.Add(0);
        _tensors.Add((name, dimensions, type, offset ?? (ulong)_data.Count));
        _data.AddRange(data);
        return this;
    }

    /// <summary>A float32 tensor; the shape is slowest dimension first.</summary>
    public GgufBuilder AddTensor(string name, long[] shape, float[] values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return AddTensor(name, [.. shape.Reverse().Select(dimension => (ulong)dimension)], 0, bytes);
    }

    public GgufBuilder AddTensor(string name, WeightTensor tensor) => AddTensor(name, [.. tensor.Shape], Tensors.Read(tensor));

    public byte[] Build()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(TensorCount ?? (ulong)_tensors.Count);
        writer.Write(MetadataCount ?? (ulong)_metadata.Count);
        foreach (var (key, type, write) in _metadata)
        {
            WriteString(writer, key);
            writer.Write((uint)type);
            write(writer);
        }
        foreach (var (name, dimensions, type, offset) in _tensors)
        {
            WriteString(writer, name);
            writer.Write((uint)dimensions.Length);
            foreach (var dimension in dimensions) writer.Write(dimension);
            writer.Write(type);
            writer.Write(offset);
        }
        while (stream.Length % 32 != 0) writer.Write((byte)0);
        writer.Write(_data.ToArray());
        return stream.ToArray();
    }

    private static void WriteString(BinaryWriter writer, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
