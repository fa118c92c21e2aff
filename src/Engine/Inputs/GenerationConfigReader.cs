using Grid.Engine.Models.Configuration;

namespace Grid.Engine.Inputs;

/// <summary>Reads generation_config.json.</summary>
internal static class GenerationConfigReader
{
    private const string FileName = "generation_config.json";

    /// <summary>The defaults of <paramref name="folder"/>; neutral where it has no such file.</summary>
    /// <exception cref="ModelLoadException">The file is broken, or a value breaks the rule of its parameter.</exception>
    public static DefaultSamplingParams ReadFolder(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? Read(path) : DefaultSamplingParams.Neutral;
    }

    public static DefaultSamplingParams Read(string path)
    {
        using var document = JsonFile.Read(path);
        var config = new ConfigObject(path, document.RootElement);
        var defaults = new DefaultSamplingParams
        {
            Temperature = config.Double("temperature") ?? (config.Bool("do_sample") == false ? 0 : null),
            TopP = config.Double("top_p"),
            TopK = config.Int("top_k"),
            MinP = config.Double("min_p"),
            RepetitionPenalty = config.Double("repetition_penalty"),
            MaxNewTokens = config.Has("max_new_tokens") ? config.PositiveInt("max_new_tokens") : null,
            EosTokenIds = config.IntOrList("eos_token_id"),
        };
        Validate(path, defaults);
        return defaults;
    }

    private static void Validate(string path, DefaultSamplingParams defaults)
    {
        try
        {
            SamplingParamsValidator.ValidateDistribution(defaults.ToSamplingParams());
        }
        catch (RequestValidationException e)
        {
            throw new ModelLoadException($"{path}: {e.Message}", ModelLoadFault.Broken, e);
        }
    }
}
