using System.Text.Json;
using Grid.Engine.Configuration;

namespace Grid.Engine.Inputs;

/// <summary>Reads <c>generation_config.json</c>.</summary>
internal static class GenerationConfigReader
{
    private const string FileName = "generation_config.json";

    /// <summary>Reads the file of a folder; without one, <see cref="GenerationConfig.Empty"/>.</summary>
    /// <exception cref="ModelLoadException">The file is broken, or a value is outside its range.</exception>
    public static GenerationConfig ReadFolder(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? ReadFile(path) : GenerationConfig.Empty;
    }

    /// <summary>Reads a file, or the file of a folder, which has to be there (<c>--generation-config PATH</c>).</summary>
    /// <exception cref="ModelLoadException">The file is missing or broken, or a value is outside its range.</exception>
    public static GenerationConfig ReadPath(string path) => ReadFile(Directory.Exists(path) ? Path.Combine(path, FileName) : path);

    internal static GenerationConfig Read(string source, JsonElement root)
    {
        var config = new ConfigObject(source, root);
        return new GenerationConfig
        {
            Temperature = Check(config, "temperature", config.Double("temperature"), value => value >= 0, "at least 0")
                ?? (config.Bool("do_sample") == false ? 0 : null),
            TopP = Check(config, "top_p", config.Double("top_p"), value => value is > 0 and <= 1, "above 0 and at most 1"),
            TopK = Check(config, "top_k", config.Int("top_k"), value => value >= -1, "at least 1, or 0 or -1 for all"),
            MinP = Check(config, "min_p", config.Double("min_p"), value => value is >= 0 and <= 1, "from 0 to 1"),
            RepetitionPenalty = Check(config, "repetition_penalty", config.Double("repetition_penalty"), value => value > 0, "above 0"),
            MaxNewTokens = Check(config, "max_new_tokens", config.Int("max_new_tokens"), value => value >= 1, "at least 1"),
            EosTokenIds = config.IntOrList("eos_token_id") ?? [],
        };
    }

    private static GenerationConfig ReadFile(string path)
    {
        using var document = JsonFile.Read(path);
        return JsonFile.Guard(path, () => Read(path, document.RootElement));
    }

    private static T? Check<T>(ConfigObject config, string key, T? value, Predicate<T> fits, string rule) where T : struct =>
        value is not { } given || fits(given)
            ? value
            : throw new ModelLoadException($"{config.Source}: {key} must be {rule}; got {given}.");
}
