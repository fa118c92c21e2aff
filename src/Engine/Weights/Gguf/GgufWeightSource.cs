using System.Globalization;
using Grid.Engine.Configuration;

namespace Grid.Engine.Weights.Gguf;

/// <summary>A GGUF file under the names, row order and layout that Hugging Face's checkpoints have.</summary>
internal sealed class GgufWeightSource : IWeightSource
{
    private readonly GgufFile _file;
    private readonly GgufTensorMap _map;
    private readonly int _headDim;
    private readonly Dictionary<string, Func<WeightTensor>> _tensors = new(StringComparer.Ordinal);

    /// <param name="file">Disposed with this source, and where the constructor throws.</param>
    /// <param name="map">Names and layouts of the model's family.</param>
    /// <param name="headDim">Rows of a query or key head.</param>
    /// <exception cref="ModelLoadException">A tensor has another shape than its name says.</exception>
    public GgufWeightSource(GgufFile file, GgufTensorMap map, int headDim)
    {
        (_file, _map, _headDim) = (file, map, headDim);
        try
        {
            foreach (var info in file.Tensors.Values) Add(info);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        TotalBytes = file.Tensors.Values.Sum(info => info.Length);
    }

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public long TotalBytes { get; }

    public WeightTensor? Find(string name) => _tensors.TryGetValue(name, out var open) ? open() : null;

    public void Dispose() => _file.Dispose();

    private void Add(GgufTensorInfo info)
    {
        if (_map.Translate(info.Name) is not { } name) return;
        if (GgufTensorMap.IsMerged(info.Name)) AddExperts(info, name);
        else _tensors[name] = () => Open(info, name);
    }

    private void AddExperts(GgufTensorInfo info, string pattern)
    {
        if (info.Shape.Length != 3)
            throw new ModelLoadException(
                $"{_file.Path}: tensor {info.Name} must have 3 dimensions (experts, rows, columns); got shape "
                + $"[{string.Join(", ", info.Shape)}].");
        var shape = info.Shape[1..];
        for (var i = 0L; i < info.Shape[0]; i++)
        {
            var expert = i;
            var name = string.Format(CultureInfo.InvariantCulture, pattern, expert);
            _tensors[name] = () => _file.Read(info, name, shape, expert);
        }
    }

    private WeightTensor Open(GgufTensorInfo info, string name)
    {
        var (stem, shape) = (GgufTensorMap.StemOf(info.Name), info.Shape);
        var tensor = _file.Read(info, name, shape.Length == 1 && _map.Rows.Contains(stem) ? [1, shape[0]] : shape);
        if (_map.Interleaved.Contains(stem)) return new InterleavedTensor(name, tensor, _headDim);
        return shape.Length == 2 && _map.Transposed.Contains(stem) ? new TransposedTensor(name, tensor) : tensor;
    }
}
