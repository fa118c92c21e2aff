using Grid.Engine.Configuration;
using Grid.Engine.Weights.Gguf.Quants;

namespace Grid.Engine.Weights.Gguf;

/// <summary>A GGUF file (versions 2 and 3) under ggml's own names; every tensor's bytes are known to be within it.</summary>
internal sealed class GgufFile : IDisposable
{
    private const uint Magic = 0x46554747;
    private const uint MaxDimensions = 4;
    private const uint DefaultAlignment = 32;
    private const int LeastMetadataBytes = sizeof(ulong) + sizeof(uint) + 1;
    private const int LeastTensorBytes = sizeof(ulong) + sizeof(uint) + sizeof(uint) + sizeof(ulong);

    private readonly MappedFile _file;
    private readonly long _dataStart;

    /// <exception cref="ModelLoadException">The file is missing, breaks the format, or has a tensor type that is not supported.</exception>
    public GgufFile(string path)
    {
        _file = new MappedFile(path);
        try
        {
            var cursor = new GgufCursor(_file);
            CheckVersion(cursor);
            var tensorCount = cursor.ReadCount("tensor_count", LeastTensorBytes);
            Metadata = ReadMetadata(cursor);
            var alignment = ReadAlignment(cursor);
            Tensors = ReadTensors(cursor, tensorCount, alignment);
            _dataStart = (long)((ulong)(cursor.Position + alignment - 1) / alignment * alignment);
            CheckLayout(cursor);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public string Path => _file.Path;

    public GgufMetadata Metadata { get; }

    public IReadOnlyDictionary<string, GgufTensorInfo> Tensors { get; }

    /// <summary>A tensor, or one of the equal slices along its first dimension.</summary>
    /// <param name="info">One of <see cref="Tensors"/>.</param>
    /// <param name="name">The name that messages give.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="slice">Which of the slices, each as long as <paramref name="shape"/> says.</param>
    public unsafe WeightTensor Read(GgufTensorInfo info, string name, long[] shape, long slice = 0)
    {
        var format = BlockFormat.Of(info.Type)!;
        var length = (long)TensorShape.CountElements(shape)!.Value / format.Elements * format.Bytes;
        var data = _file.Slice(_dataStart + info.Offset, info.Length) + length * slice;
        return info.Type switch
        {
            GgufTensorType.F32 => new MappedTensor(name, shape, WeightType.Float32, data),
            GgufTensorType.F16 => new MappedTensor(name, shape, WeightType.Float16, data),
            GgufTensorType.BF16 => new MappedTensor(name, shape, WeightType.BFloat16, data),
            _ => new QuantizedTensor(name, shape, format, data),
        };
    }

    public void Dispose() => _file.Dispose();

    private static void CheckVersion(GgufCursor cursor)
    {
        if (cursor.Read<uint>("the magic number") != Magic) throw cursor.Broken("a GGUF file begins with GGUF and this one does not");
        var version = cursor.Read<uint>("the version");
        if (version is 2 or 3) return;
        if (version is 0x02000000 or 0x03000000) throw cursor.Broken("big-endian GGUF files are not supported");
        throw cursor.Broken($"GGUF version must be 2 or 3; got {version}");
    }

    private GgufMetadata ReadMetadata(GgufCursor cursor)
    {
        var count = cursor.ReadCount("metadata_kv_count", LeastMetadataBytes);
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = cursor.ReadString("a metadata key");
            var type = (GgufValueType)cursor.Read<uint>(key);
            if (!values.TryAdd(key, cursor.ReadValue(key, type))) throw cursor.Broken($"metadata {key} is there twice");
        }
        return new GgufMetadata(_file.Path, values);
    }

    private uint ReadAlignment(GgufCursor cursor)
    {
        const string key = "general.alignment";
        if (!Metadata.Values.TryGetValue(key, out var value)) return DefaultAlignment;
        return value is uint alignment && uint.IsPow2(alignment)
            ? alignment
            : throw cursor.Broken($"metadata {key} must be a power of two; got {value}");
    }

    private static Dictionary<string, GgufTensorInfo> ReadTensors(GgufCursor cursor, int count, uint alignment)
    {
        var tensors = new Dictionary<string, GgufTensorInfo>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var tensor = ReadTensor(cursor, alignment);
            if (!tensors.TryAdd(tensor.Name, tensor)) throw cursor.Broken($"tensor {tensor.Name} is there twice");
        }
        return tensors;
    }

    private static GgufTensorInfo ReadTensor(GgufCursor cursor, uint alignment)
    {
        var name = cursor.ReadString("a tensor's name");
        var dimensions = cursor.Read<uint>(name);
        if (dimensions > MaxDimensions)
            throw cursor.Broken($"tensor {name} must have at most {MaxDimensions} dimensions; got {dimensions}");
        var shape = new long[dimensions];
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            shape[i] = cursor.Read<long>(name);
            if (shape[i] < 1) throw cursor.Broken($"a dimension of tensor {name} must be at least 1; got {(ulong)shape[i]}");
        }
        var type = (GgufTensorType)cursor.Read<uint>(name);
        var format = BlockFormat.Of(type)
            ?? throw cursor.Broken($"tensor {name} is of type {type}; supported are {BlockFormat.SupportedTypes}");
        var offset = cursor.Read<ulong>(name);
        if (offset % alignment != 0)
            throw cursor.Broken($"tensor {name} begins at byte {offset} of the data, which is no multiple of the alignment ({alignment})");
        var elements = TensorShape.CountElements(shape)
            ?? throw cursor.Broken($"shape [{string.Join(", ", shape)}] of tensor {name} has too many elements");
        if (format.Elements > 1 && (shape.Length < 2 || shape[^1] % format.Elements != 0))
            throw cursor.Broken(
                $"tensor {name} of {type} must have rows of a multiple of {format.Elements} values; got shape "
                + $"[{string.Join(", ", shape)}]");
        var length = elements / (ulong)format.Elements * (ulong)format.Bytes;
        if (offset > long.MaxValue || length > long.MaxValue) throw cursor.Broken($"tensor {name} reaches beyond what a file can hold");
        return new GgufTensorInfo(name, type, shape, (long)offset, (long)length);
    }

    private void CheckLayout(GgufCursor cursor)
    {
        var available = _file.Length - _dataStart;
        var end = 0L;
        foreach (var tensor in Tensors.Values.OrderBy(tensor => tensor.Offset))
        {
            if (tensor.Offset > available || tensor.Length > available - tensor.Offset)
                throw cursor.Broken(
                    $"tensor {tensor.Name} takes {tensor.Length} bytes from byte {tensor.Offset} of the data, which has "
                    + $"{Math.Max(available, 0)}: the offset is wrong or the file is truncated");
            if (tensor.Offset < end)
                throw cursor.Broken($"tensor {tensor.Name} begins at byte {tensor.Offset} and overlaps another, which ends at {end}");
            end = tensor.Offset + tensor.Length;
        }
    }
}
