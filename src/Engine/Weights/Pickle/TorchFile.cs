using Grid.Engine.Configuration;

namespace Grid.Engine.Weights.Pickle;

/// <summary>One <c>pytorch_model*.bin</c>: a pickled dict of tensors in a zip archive.</summary>
internal sealed class TorchFile : IWeightSource
{
    private readonly TorchArchive _archive;
    private readonly string _path;
    private readonly Dictionary<string, TorchTensor> _tensors;

    /// <exception cref="ModelLoadException">The file is missing or broken, or asks for more than tensors and plain containers.</exception>
    public TorchFile(string path)
    {
        _path = path;
        _archive = new TorchArchive(path);
        try
        {
            _tensors = ReadTensors();
            TotalBytes = CheckStorages();
        }
        catch
        {
            _archive.Dispose();
            throw;
        }
    }

    public IReadOnlyCollection<string> Names => _tensors.Keys;

    public long TotalBytes { get; }

    public unsafe WeightTensor? Find(string name)
    {
        if (!_tensors.TryGetValue(name, out var tensor)) return null;
        var type = tensor.Storage.Type
            ?? throw new ModelLoadException(
            $"{_path}: tensor {name} is a {tensor.Storage.TypeName}; supported are FloatStorage, HalfStorage and BFloat16Storage.");
        var data = _archive.Storage(tensor.Storage) + tensor.Offset * ElementConversion.SizeOf(type);
        return tensor.IsContiguous
            ? new MappedTensor(name, tensor.Shape, type, data)
            : new StridedTensor(name, tensor.Shape, tensor.Strides, type, data);
    }

    public void Dispose() => _archive.Dispose();

    private Dictionary<string, TorchTensor> ReadTensors()
    {
        try
        {
            if (Unpickler.Read(_archive.Pickle) is not PickleDictionary dictionary)
                throw new PickleException("the pickle must hold a dict of tensors");
            var tensors = new Dictionary<string, TorchTensor>(StringComparer.Ordinal);
            foreach (var (key, value) in dictionary)
                if (key is string name && value is TorchTensor tensor) tensors[name] = tensor;
            return tensors;
        }
        catch (PickleException e)
        {
            throw _archive.Broken(e.Message, e);
        }
    }

    private unsafe long CheckStorages()
    {
        var storages = _tensors.Values.Select(tensor => tensor.Storage).DistinctBy(storage => storage.Key).ToArray();
        foreach (var tensor in _tensors.Values) _archive.Storage(tensor.Storage);
        return storages.Sum(storage => storage.Count * TorchStorage.ElementSizes[storage.TypeName]);
    }
}
