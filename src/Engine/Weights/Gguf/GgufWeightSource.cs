using System.Globalization;

namespace Grid.Engine.Weights.Gguf;

/// <summary>A GGUF file under the names, row order and layout that Hugging Face's checkpoints have.</summary>
internal sealed class GgufWeightSource : IWeightSource
{
    private readonly GgufFile _file;
    private readonly Dictionary<string, Func<WeightTensor>> _tensors = new(StringComparer.Ordinal);

    /// <param name="file">Owned from here on.</param>
    /// <param name="config">The model that its metadata describes.</param>
    public GgufWeightSource(GgufFile file, Configuration.ModelConfig config)
    {
        _file = file;
        var names = GgufTensorNames.Of(config);
        try
        {
            foreach (var info in file.Tensors.Values) Add(info, names, config);
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

    private void Add(GgufTensorInfo info, GgufTensorNames names, Configuration.ModelConfig config)
    {
        if (names.Translate(info.Name) is not { } name) return;
        if (GgufTensorNames.IsMerged(info.Name)) AddExperts(info, name);
        else if (config.ModelType is "llama" or "mixtral" && GgufTensorNames.IsRotated(info.Name))
            _tensors[name] = () => new InterleavedTensor(name, Open(info, name), config.HeadDim);
        else if (config.ModelType == "gpt2" && info.Shape.Length == 2 && GgufTensorNames.IsConv1D(info.Name))
            _tensors[name] = () => new TransposedTensor(name, Open(info, name));
        else _tensors[name] = () => Open(info, name);
    }

    private void AddExperts(GgufTensorInfo info, string pattern)
    {
        if (info.Shape.Length != 3)
            throw new ModelLoadException($"{_file.Path}: tensor {info.Name} must have 3 dimensions (experts, rows, columns) and has shape [{string.Join(", ", info.Shape)}].");
        var shape = info.Shape[1..];
        for (var i = 0L; i < info.Shape[0]; i++)
        {
            var expert = i;
            var name = string.Format(CultureInfo.InvariantCulture, pattern, expert);
            _tensors[name] = () => _file.Read(info, name, shape, expert);
        }
    }

    // The gate of the shared expert is one row, which converters write without its first dimension.
    private WeightTensor Open(GgufTensorInfo info, string name)
    {
        var isRow = info.Shape.Length == 1 && name.EndsWith("shared_expert_gate.weight", StringComparison.Ordinal);
        return _file.Read(info, name, isRow ? [1, info.Shape[0]] : info.Shape);
    }
}
