using Grid.Engine.Configuration;

namespace Grid.Engine.Weights.Safetensors;

/// <summary>One safetensors file: tensors stay where the mapping has them.</summary>
internal sealed class SafetensorsFile : IWeightSource
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, SafetensorsEntry> _entries;
    private readonly long _dataStart;

    /// <exception cref="ModelLoadException">The file is missing or breaks the format.</exception>
    public SafetensorsFile(string path)
    {
        _file = new MappedFile(path);
        try
        {
            _entries = SafetensorsHeader.Read(_file, out _dataStart).ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public IReadOnlyCollection<string> Names => _entries.Keys;

    public long TotalBytes => _file.Length - _dataStart;

    public unsafe WeightTensor? Find(string name)
    {
        if (!_entries.TryGetValue(name, out var entry)) return null;
        var type = entry.Type
            ?? throw new ModelLoadException($"{_file.Path}: tensor {name} is of {entry.DType}; supported are F32, F16 and BF16.");
        return new MappedTensor(name, entry.Shape, type, _file.Slice(_dataStart + entry.Begin, entry.End - entry.Begin));
    }

    public void Dispose() => _file.Dispose();
}
