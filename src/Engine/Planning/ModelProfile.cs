using System.Text.Json;
using Grid.Engine.Configuration;
using Grid.Engine.Devices;
using Grid.Engine.Models.Files;
using Grid.Engine.Weights;

namespace Grid.Engine.Planning;

/// <summary>What a plan needs to know about a model.</summary>
/// <param name="ElementBytes">Bytes of a weight, key or value once loaded.</param>
/// <param name="StoredElements">Number of weights in the files; null: they are counted from the shape.</param>
/// <param name="Note">Why the weights were counted from the shape although there are files; null: no reason to report.</param>
public sealed record ModelProfile(ModelConfig Config, int ElementBytes, long? StoredElements = null, string? Note = null)
{
    /// <summary>Bytes of all weights on one device.</summary>
    public long WeightsBytes => (StoredElements ?? CountedElements) * ElementBytes;

    /// <summary>Number of weights that the shape implies.</summary>
    public long CountedElements => WeightCounts.Total(Config);

    /// <summary>Factor that turns counted weights into the number that the files hold.</summary>
    internal double Scale => StoredElements is { } stored ? (double)stored / CountedElements : 1;

    /// <summary>Reads config.json or GGUF metadata, and the headers of the weights where they are there.</summary>
    /// <param name="options">Model, revision, dtype and device.</param>
    /// <exception cref="ModelLoadException">There is no such model, or its config is broken or not supported.</exception>
    public static ModelProfile Read(EngineOptions options)
    {
        if (SimulatedModel.Is(options.Model))
            throw new ModelLoadException(
                "A plan needs a model with layers: a folder with config.json, a GGUF file or ORG/NAME; sim has none.",
                ModelLoadFault.Layout);
        var files = ModelFiles.Resolve(options.Model, options.Revision);
        var config = files.ReadConfig();
        var profile = new ModelProfile(config, ElementBytesOf(options, config));
        try
        {
            using var weights = files.OpenWeights(config);
            return profile with { StoredElements = Count(weights) };
        }
        catch (ModelLoadException fault) when (fault.Kind == ModelLoadFault.NotFound)
        {
            return profile;
        }
        catch (ModelLoadException fault)
        {
            return profile with { Note = $"The weights are counted from the config: {fault.Message}" };
        }
    }

    /// <summary>A profile of a model whose files are open.</summary>
    /// <param name="elementBytes">Bytes of a weight, key or value once loaded.</param>
    /// <param name="weights">The open files; null: the weights are counted from the shape.</param>
    public static ModelProfile Of(ModelConfig config, int elementBytes, IWeightSource? weights) =>
        new(config, elementBytes, weights is null ? null : Count(weights));

    /// <summary>A profile from what <see cref="ToJson"/> wrote, on a machine that need not have the files.</summary>
    /// <exception cref="JsonException">The text is no profile.</exception>
    public static ModelProfile FromJson(string json) =>
        JsonSerializer.Deserialize<ModelProfile>(json) ?? throw new JsonException("A profile must be an object; got null.");

    /// <summary>The profile as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    private static int ElementBytesOf(EngineOptions options, ModelConfig config) =>
        ModelMemory.ElementBytes(config, options.Devices.Kind, options.DType);

    // GPT-2's old checkpoints carry the attention mask, and Llama's the rotary frequencies: both are computed, not loaded.
    private static bool IsLoaded(string name) =>
        !name.EndsWith(".attn.bias", StringComparison.Ordinal) && !name.EndsWith(".masked_bias", StringComparison.Ordinal)
        && !name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);

    private static long Count(IWeightSource weights) =>
        weights.Names.Where(IsLoaded).Sum(name => weights.Find(name) is { } tensor ? tensor.Rows * tensor.RowLength : 0);
}
