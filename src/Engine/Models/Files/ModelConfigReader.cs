using System.Text.Json;
using Grid.Engine.Configuration;
using Grid.Engine.Models.Families;
using Grid.Engine.Weights.Gguf;

namespace Grid.Engine.Models.Files;

/// <summary>Reads a model's shape from <c>config.json</c>, in the layouts of transformers 4 and 5, or from a GGUF file.</summary>
internal static class ModelConfigReader
{
    /// <summary>Reads a config.json.</summary>
    /// <exception cref="ModelLoadException">The file is missing or broken, or the architecture is not supported.</exception>
    public static ModelConfig Read(string path)
    {
        using var document = JsonFile.Read(path);
        return JsonFile.Guard(path, () => Read(path, document.RootElement));
    }

    /// <summary>Reads the metadata of a GGUF file and, where that says nothing, its tensors.</summary>
    /// <exception cref="ModelLoadException">The architecture is not supported, or the metadata is incomplete.</exception>
    public static ModelConfig Read(GgufFile file)
    {
        var result = ModelRegistry.Of(file).ReadGguf(file);
        ModelConfigRules.Validate(file.Path, result);
        return result;
    }

    internal static ModelConfig Read(string source, JsonElement root)
    {
        var config = new ConfigObject(source, root);
        var family = ModelRegistry.Of(config);
        RefuseWhatIsNotSupported(config);
        var result = family.ReadConfig(config);
        ModelConfigRules.Validate(source, result);
        return result;
    }

    private static void RefuseWhatIsNotSupported(ConfigObject config)
    {
        if (config.Object("quantization_config") is { } quantization)
            throw new ModelLoadException(
                $"{config.Source}: quantization_config (quant_method {quantization.String("quant_method") ?? "unsaid"}) is not supported; "
                + "use an unquantized or a GGUF checkpoint.");
        if (config.Double("partial_rotary_factor") is { } share and not 1)
            throw new ModelLoadException($"{config.Source}: partial_rotary_factor must be 1; got {share}.");
    }
}
