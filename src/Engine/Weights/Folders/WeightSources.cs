using Grid.Engine.Configuration;
using Grid.Engine.Weights.Pickle;
using Grid.Engine.Weights.Safetensors;

namespace Grid.Engine.Weights.Folders;

/// <summary>Opens the weights of a Hugging Face folder.</summary>
internal static class WeightSources
{
    // The order of transformers.
    private static readonly (string Name, Func<string, IWeightSource> Open)[] Candidates =
    [
        ("model.safetensors", path => new SafetensorsFile(path)),
        ("model.safetensors.index.json", path => new ShardedWeightSource(path, file => new SafetensorsFile(file))),
        ("pytorch_model.bin", path => new TorchFile(path)),
        ("pytorch_model.bin.index.json", path => new ShardedWeightSource(path, file => new TorchFile(file))),
    ];

    /// <summary>
    /// Opens <c>model.safetensors</c> or <c>pytorch_model.bin</c>, or the files of their <c>.index.json</c>; safetensors first.
    /// </summary>
    /// <param name="prefix">What the files may leave out at the start of names, such as <c>model.</c>.</param>
    /// <returns>A source that answers to the names of the model class in transformers, whether or not the files have its prefix.</returns>
    /// <exception cref="ModelLoadException">There are no weights, or the files are broken.</exception>
    public static IWeightSource OpenFolder(string folder, string prefix) =>
        new PrefixedWeightSource(OpenFiles(folder), prefix);

    private static IWeightSource OpenFiles(string folder)
    {
        foreach (var (name, open) in Candidates)
            if (Path.Combine(folder, name) is var path && File.Exists(path)) return open(path);
        throw new ModelLoadException(
            $"{folder} holds no weights: none of {string.Join(", ", Candidates.Select(candidate => candidate.Name))} is there.",
            ModelLoadFault.NotFound);
    }
}
