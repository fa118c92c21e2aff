using Grid.Engine.Configuration;
using Grid.Engine.Inputs;
using Grid.Engine.Models.Families;
using Grid.Engine.Weights;
using Grid.Engine.Weights.Folders;
using Grid.Engine.Weights.Gguf;
using Grid.Tokenization;
using Grid.Tokenization.Gguf;
using Grid.Tokenization.Loading;

namespace Grid.Engine.Models.Files;

/// <summary>Where a model's files are and what they hold: a Hugging Face folder, or one GGUF file.</summary>
public sealed class ModelFiles
{
    private ModelFiles(string folder, string? ggufPath)
    {
        Folder = folder;
        GgufPath = ggufPath;
    }

    /// <summary>The folder: the Hugging Face one, or the one that holds the GGUF file.</summary>
    public string Folder { get; }

    /// <summary>The GGUF file, which then holds everything; null for a Hugging Face folder.</summary>
    public string? GgufPath { get; }

    /// <summary>The folder or file that the model was found at.</summary>
    public string Path => GgufPath ?? Folder;

    /// <summary>Finds a model: a folder, a GGUF file, or a repository in the hub's cache on this machine.</summary>
    /// <param name="model">The argument as typed. A folder without config.json counts as the one GGUF file in it.</param>
    /// <param name="revision">Branch, tag or commit in the cache; null: main (<c>--revision</c>).</param>
    /// <param name="cache">The hub's cache; null: where the environment says.</param>
    /// <exception cref="ModelLoadException">There is none (<see cref="ModelLoadFault.NotFound"/>; it says where was looked), or the file is
    /// no GGUF.</exception>
    public static ModelFiles Resolve(string model, string? revision = null, HuggingFaceCache? cache = null)
    {
        if (string.IsNullOrWhiteSpace(model) || model.Contains('\0'))
            throw new ModelLoadException($"A model must be a folder, a GGUF file or owner/name; got '{model}'.", ModelLoadFault.NotFound);
        if (Directory.Exists(model)) return OfFolder(System.IO.Path.GetFullPath(model));
        if (File.Exists(model)) return OfFile(System.IO.Path.GetFullPath(model));
        cache ??= new HuggingFaceCache(Environment.GetEnvironmentVariable);
        if (HuggingFaceCache.IsRepository(model) && cache.FindSnapshot(model, revision) is { } snapshot) return OfFolder(snapshot);
        throw new ModelLoadException(Explain(model, revision, cache), ModelLoadFault.NotFound);
    }

    /// <summary>The model's shape, from config.json or GGUF metadata.</summary>
    /// <exception cref="ModelLoadException">It is missing or broken, or the architecture is not supported.</exception>
    public ModelConfig ReadConfig()
    {
        if (GgufPath is null) return ModelConfigReader.Read(System.IO.Path.Combine(Folder, "config.json"));
        using var file = new GgufFile(GgufPath);
        return ModelConfigReader.Read(file);
    }

    /// <summary>The weights under Hugging Face's names. The caller disposes them.</summary>
    /// <param name="config">What <see cref="ReadConfig"/> gave.</param>
    /// <exception cref="ModelLoadException">There are none, or they are broken.</exception>
    public IWeightSource OpenWeights(ModelConfig config)
    {
        var family = ModelRegistry.Of(config);
        return GgufPath is null
            ? WeightSources.OpenFolder(Folder, family.TensorPrefix)
            : new GgufWeightSource(new GgufFile(GgufPath), family.GgufTensors, config.HeadDim);
    }

    /// <summary>What a request takes where it says nothing.</summary>
    /// <param name="setting"><c>--generation-config</c>: auto (the model's own), vllm (neutral), or a folder or file.</param>
    /// <exception cref="ModelLoadException">The file is broken, or the setting names none.</exception>
    public GenerationConfig ReadGenerationConfig(string setting = "auto") => setting switch
    {
        "auto" => GgufPath is null ? GenerationConfigReader.ReadFolder(Folder) : GenerationConfig.Empty,
        "vllm" => GenerationConfig.Empty,
        _ => GenerationConfigReader.ReadPath(setting),
    };

    /// <summary>The tokenizer: tokenizer.json and its like, or the vocabulary in the GGUF file.</summary>
    /// <exception cref="ModelLoadException">It is missing or broken, or needs something that is not supported.</exception>
    public ITokenizer LoadTokenizer() =>
        Guard(() => GgufPath is null ? TokenizerLoader.FromFolder(Folder) : TokenizerLoader.FromGguf(ReadVocabulary(GgufPath)));

    /// <summary>Special tokens by role and the chat templates, from the same files.</summary>
    /// <exception cref="ModelLoadException">A file is broken.</exception>
    public TokenizerConfig ReadTokenizerConfig() => Guard(
        () => GgufPath is null ? TokenizerLoader.ReadConfig(Folder) : TokenizerLoader.ReadConfig(ReadVocabulary(GgufPath)));

    private static GgufVocabulary ReadVocabulary(string path)
    {
        using var file = new GgufFile(path);
        return GgufVocabularyReader.Read(file.Metadata);
    }

    private static ModelFiles OfFolder(string folder)
    {
        if (File.Exists(System.IO.Path.Combine(folder, "config.json"))) return new ModelFiles(folder, null);
        var files = Directory.GetFiles(folder, "*.gguf");
        return files.Length switch
        {
            0 => new ModelFiles(folder, null),
            1 => new ModelFiles(folder, files[0]),
            _ => throw new ModelLoadException(
                $"{folder} has no config.json and {files.Length} GGUF files; name one of them: "
                + $"{string.Join(", ", files.Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal))}.",
                ModelLoadFault.NotFound),
        };
    }

    private static ModelFiles OfFile(string path)
    {
        using var file = new MappedFile(path);
        return file.Length >= 4 && file.Span(0, 4).SequenceEqual("GGUF"u8)
            ? new ModelFiles(System.IO.Path.GetDirectoryName(path)!, path)
            : throw new ModelLoadException($"{path} is a file but no GGUF file; name a GGUF file, or a folder with config.json.");
    }

    private static string Explain(string model, string? revision, HuggingFaceCache cache)
    {
        var looked = $"Model {model} is not here: there is no folder or file {System.IO.Path.GetFullPath(model)}";
        if (!HuggingFaceCache.IsRepository(model)) return looked + ".";
        var repository = cache.FolderOf(model);
        var inCache = Directory.Exists(repository)
            ? $"{repository} has no revision {revision ?? "main"}"
            : $"the hub's cache has no {repository}";
        return $"{looked}, and {inCache}. `grid pull {model}` fetches it.";
    }

    private static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TokenizerException e)
        {
            throw new ModelLoadException(e.Message, ModelLoadFault.Broken, e);
        }
    }
}
