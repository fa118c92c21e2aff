using Grid.Engine.Weights.Safetensors;

namespace Grid.Engine.Weights;

/// <summary>Opens the weights of a Hugging Face folder.</summary>
public static class WeightSources
{
    /// <summary>Opens <c>model.safetensors</c>, or the files of <c>model.safetensors.index.json</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="modelType"><c>model_type</c>: it says which prefix the files may leave out.</param>
    /// <returns>A source that answers to the names of the model class in transformers, whether or not the files have its prefix.</returns>
    /// <exception cref="ModelLoadException">There are no weights, or the files are broken.</exception>
    public static IWeightSource OpenFolder(string folder, string modelType) =>
        new PrefixedWeightSource(OpenFiles(folder), PrefixedWeightSource.PrefixOf(modelType));

    private static IWeightSource OpenFiles(string folder)
    {
        string[] candidates = ["model.safetensors", "model.safetensors.index.json"];
        foreach (var name in candidates)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path)) continue;
            return name switch
            {
                "model.safetensors" => new SafetensorsFile(path),
                _ => new ShardedWeightSource(path, file => new SafetensorsFile(file)),
            };
        }
        throw new ModelLoadException($"{folder} holds no weights: none of {string.Join(", ", candidates)} is there.", ModelLoadFault.NotFound);
    }
}
