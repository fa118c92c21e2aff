using Grid.Engine.Configuration;

namespace Grid.Engine.Weights;

/// <summary>A checkpoint's tensors under Hugging Face names, whatever the files are (safetensors, pickled, GGUF).</summary>
public interface IWeightSource : IDisposable
{
    /// <summary>All names, in no order.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Bytes of all tensors in the files, for progress.</summary>
    long TotalBytes { get; }

    /// <summary>The tensor, or null where the checkpoint has none of that name.</summary>
    /// <exception cref="ModelLoadException">It is there, in an element type that is not supported.</exception>
    WeightTensor? Find(string name);

    /// <summary>The tensor, which has to be there in this shape.</summary>
    /// <exception cref="ModelLoadException">It is missing, of another shape, or of an element type that is not supported.</exception>
    WeightTensor Require(string name, params IReadOnlyList<long> shape)
    {
        var tensor = Find(name)
            ?? throw new ModelLoadException($"The checkpoint has no tensor {name} (shape [{string.Join(", ", shape)}]).");
        if (!tensor.Shape.SequenceEqual(shape))
            throw new ModelLoadException(
                $"Tensor {name} must have shape [{string.Join(", ", shape)}]; got [{string.Join(", ", tensor.Shape)}].");
        return tensor;
    }
}
