namespace Grid.Engine.Weights;

/// <summary>A checkpoint's tensors under Hugging Face names, whatever the files are (safetensors, pickled, GGUF).</summary>
public interface IWeightSource : IDisposable
{
    /// <summary>All names, in no order.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Bytes of all tensors in the files, for progress.</summary>
    long TotalBytes { get; }

    /// <summary>The tensor, or null where the checkpoint has none of that name.</summary>
    WeightTensor? Find(string name);
}
