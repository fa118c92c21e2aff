using System.Buffers.Binary;
using System.Text.Json;
using Grid.Engine.Configuration;

namespace Grid.Engine.Weights.Safetensors;

/// <summary>Reads and checks a header: after it, every entry's bytes lie within the file and none is shared or unused.</summary>
internal static class SafetensorsHeader
{
    private const int PrefixLength = sizeof(ulong);
    private const ulong MaxHeaderLength = 100_000_000;
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <param name="dataStart">Where the data begins in the file.</param>
    public static List<SafetensorsEntry> Read(MappedFile file, out long dataStart)
    {
        if (file.Length < PrefixLength)
            throw Broken(file, $"a safetensors file has at least {PrefixLength} bytes and this one {file.Length}");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, PrefixLength));
        if (length > MaxHeaderLength) throw Broken(file, $"the header may take {MaxHeaderLength} bytes and says it takes {length}");
        if ((long)length > file.Length - PrefixLength)
            throw Broken(file, $"the file is truncated: the header takes {length} bytes and {file.Length - PrefixLength} follow");
        dataStart = PrefixLength + (long)length;
        var entries = Parse(file, file.Span(PrefixLength, (int)length).ToArray());
        CheckLayout(file, entries, file.Length - dataStart);
        return entries;
    }

    private static List<SafetensorsEntry> Parse(MappedFile file, byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Broken(file, "the header must be a JSON object");
            var entries = new List<SafetensorsEntry>();
            foreach (var property in document.RootElement.EnumerateObject())
                if (property.Name != "__metadata__") entries.Add(ParseEntry(file, property.Name, property.Value));
            return entries;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Broken(file, $"the header is not valid JSON: {e.Message}", e);
        }
    }

    private static SafetensorsEntry ParseEntry(MappedFile file, string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Broken(file, $"the entry of tensor {name} must be a JSON object");
        if (!value.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String)
            throw Broken(file, $"tensor {name} has no dtype");
        var shape = Numbers(file, name, value, "shape");
        var offsets = Numbers(file, name, value, "data_offsets");
        if (offsets.Length != 2) throw Broken(file, $"data_offsets of tensor {name} must hold 2 numbers and hold {offsets.Length}");
        return new SafetensorsEntry(name, dtype.GetString()!, shape, offsets[0], offsets[1]);
    }

    private static long[] Numbers(MappedFile file, string name, JsonElement entry, string key)
    {
        if (!entry.TryGetProperty(key, out var list) || list.ValueKind != JsonValueKind.Array)
            throw Broken(file, $"tensor {name} has no {key}");
        return [.. list.EnumerateArray().Select(item =>
            item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var number) && number >= 0
                ? number
                : throw Broken(file, $"{key} of tensor {name} must hold whole numbers from 0 and hold {item.GetRawText()}"))];
    }

    private static void CheckLayout(MappedFile file, List<SafetensorsEntry> entries, long dataLength)
    {
        var end = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            CheckSize(file, entry);
            if (entry.End > dataLength)
                throw Broken(file,
                    $"tensor {entry.Name} ends at byte {entry.End} of the data, which has {dataLength}: the offsets are wrong or the "
                    + "file is truncated");
            if (entry.Begin < end)
                throw Broken(file, $"tensor {entry.Name} begins at byte {entry.Begin} and overlaps another, which ends at {end}");
            if (entry.Begin > end) throw Broken(file, $"bytes {end} to {entry.Begin} of the data belong to no tensor");
            end = entry.End;
        }
        if (end != dataLength) throw Broken(file, $"bytes {end} to {dataLength} of the data belong to no tensor");
    }

    private static void CheckSize(MappedFile file, SafetensorsEntry entry)
    {
        if (entry.End < entry.Begin) throw Broken(file, $"tensor {entry.Name} ends at byte {entry.End}, before it begins ({entry.Begin})");
        var elements = TensorShape.CountElements(entry.Shape)
            ?? throw Broken(file, $"shape [{string.Join(", ", entry.Shape)}] of tensor {entry.Name} has too many elements");
        if (BitsOf(entry.DType) is not { } bits || (elements * bits + 7) / 8 == (UInt128)(entry.End - entry.Begin)) return;
        throw Broken(file,
            $"tensor {entry.Name} of {entry.DType} [{string.Join(", ", entry.Shape)}] takes {elements * bits / 8} bytes and its offsets "
            + $"span {entry.End - entry.Begin}");
    }

    private static UInt128? BitsOf(string dtype) => dtype switch
    {
        "F64" or "I64" or "U64" or "C64" => 64,
        "F32" or "I32" or "U32" => 32,
        "F16" or "BF16" or "I16" or "U16" => 16,
        "BOOL" or "I8" or "U8" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => 8,
        _ => null,
    };

    private static ModelLoadException Broken(MappedFile file, string what, Exception? inner = null) =>
        new($"{file.Path}: {what}.", ModelLoadFault.Broken, inner);
}
