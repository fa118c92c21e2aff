using System.Collections.Immutable;
using Grid.Engine.Configuration;
using Grid.Engine.Weights.Gguf;

namespace Grid.Engine.Models.Families;

/// <summary>The list of model families.</summary>
internal static class ModelRegistry
{
    private static ImmutableArray<ModelFamily> _families =
    [
        new Llama(), new Mistral(), new Qwen2(), new Qwen3(), new Gpt2(), new Opt(), new Mixtral(), new Qwen2Moe(), new Qwen3Moe(),
    ];

    /// <summary>
    /// Adds a family from outside this list, as vLLM's <c>ModelRegistry.register_model</c> does. The first of a name wins.
    /// </summary>
    public static void Register(ModelFamily family) => ImmutableInterlocked.Update(ref _families, families => families.Add(family));

    /// <summary>The family of a model.</summary>
    /// <exception cref="ModelLoadException">Its architecture is not supported.</exception>
    public static ModelFamily Of(ModelConfig config) => Find(config.Architecture)
        ?? throw new ModelLoadException($"Architecture {config.Architecture} is not supported. Supported: {Architectures()}.");

    /// <summary>The family of a config.json: by architecture, or by model type where no architecture is written.</summary>
    /// <exception cref="ModelLoadException">It is not supported.</exception>
    public static ModelFamily Of(ConfigObject config)
    {
        var architectures = config.StringList("architectures") ?? [];
        var modelType = config.String("model_type");
        var family = architectures.Length > 0
            ? architectures.Select(Find).FirstOrDefault(family => family is not null)
            : _families.FirstOrDefault(family => family.ModelType == modelType);
        if (family is not null) return family;
        var given = architectures.Length > 0 ? string.Join(", ", architectures)
            : modelType is null ? "missing" : $"missing (model_type {modelType})";
        throw new ModelLoadException($"{config.Source}: architecture {given} is not supported. Supported: {Architectures()}.");
    }

    /// <summary>The family of a GGUF file.</summary>
    /// <exception cref="ModelLoadException">It is not supported.</exception>
    public static ModelFamily Of(GgufFile file)
    {
        const string key = "general.architecture";
        var name = file.Metadata.String(key) ?? throw new ModelLoadException($"{file.Path}: metadata {key} is missing.");
        if (_families.FirstOrDefault(family => family.GgufArchitecture == name && family.Matches(file.Metadata)) is { } found) return found;
        var names = _families.Select(family => family.GgufArchitecture).OfType<string>().Distinct();
        throw new ModelLoadException($"{file.Path}: architecture {name} is not supported. Supported: {string.Join(", ", names)}.");
    }

    private static ModelFamily? Find(string architecture) => _families.FirstOrDefault(family => family.Architecture == architecture);

    private static string Architectures() => string.Join(", ", _families.Select(family => family.Architecture));
}
