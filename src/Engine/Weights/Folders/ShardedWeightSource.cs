using System.Text.Json;
using Grid.Engine.Configuration;

namespace Grid.Engine.Weights.Folders;

/// <summary>Many files with an index (<c>model.safetensors.index.json</c>, <c>pytorch_model.bin.index.json</c>).</summary>
internal sealed class ShardedWeightSource : IWeightSource
{
    private readonly Dictionary<string, IWeightSource> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _weightMap;

    /// <param name="indexPath">The index; the files are in the same folder.</param>
    /// <param name="open">Opens one file of weights.</param>
    /// <exception cref="ModelLoadException">The index is broken, or names a file or tensor that is not there.</exception>
    public ShardedWeightSource(string indexPath, Func<string, IWeightSource> open)
    {
        _weightMap = ReadWeightMap(indexPath);
        try
        {
            foreach (var (name, fileName) in _weightMap)
            {
                if (!_files.TryGetValue(fileName, out var file)) _files[fileName] = file = OpenFile(indexPath, fileName, open);
                if (!file.Names.Contains(name))
                    throw new ModelLoadException($"{indexPath}: weight_map puts tensor {name} in {fileName}, which does not have it.");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IReadOnlyCollection<string> Names => _weightMap.Keys;

    public long TotalBytes => _files.Values.Sum(file => file.TotalBytes);

    public WeightTensor? Find(string name) => _weightMap.TryGetValue(name, out var fileName) ? _files[fileName].Find(name) : null;

    public void Dispose()
    {
        foreach (var file in _files.Values) file.Dispose();
    }

    private static Dictionary<string, string> ReadWeightMap(string indexPath)
    {
        using var document = JsonFile.Read(indexPath);
        if (!document.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw new ModelLoadException($"{indexPath}: weight_map must be an object of tensor names and file names.");
        return JsonFile.Guard(indexPath, () => map.EnumerateObject().ToDictionary(
            entry => entry.Name,
            entry => entry.Value.ValueKind == JsonValueKind.String
                ? entry.Value.GetString()!
                : throw new ModelLoadException(
                $"{indexPath}: weight_map of tensor {entry.Name} must be a file name; got {entry.Value.GetRawText()}."),
            StringComparer.Ordinal));
    }

    private static IWeightSource OpenFile(string indexPath, string fileName, Func<string, IWeightSource> open)
    {
        if (fileName.Length == 0 || fileName is "." or ".." || fileName.AsSpan().ContainsAny('/', '\\', '\0'))
            throw new ModelLoadException($"{indexPath}: weight_map must name files of its own folder; got '{fileName}'.");
        var path = Path.Combine(Path.GetDirectoryName(indexPath)!, fileName);
        if (!File.Exists(path)) throw new ModelLoadException($"{indexPath}: weight_map names {fileName}, which is not there.");
        return open(path);
    }
}
