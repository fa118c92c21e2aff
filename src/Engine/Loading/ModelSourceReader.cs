using Grid.Engine.Configuration;
using Grid.Engine.Models.Files;
using Grid.Tokenization;
using Grid.Tokenization.ChatTemplates;
using Grid.Tokenization.ChatTemplates.Rendering;
using Microsoft.Extensions.Logging;

namespace Grid.Engine.Loading;

/// <summary>Reads a model's files, weights aside, as the options ask.</summary>
internal static class ModelSourceReader
{
    private const int ByteVocabulary = 256;

    /// <exception cref="ModelLoadException">A file is missing or broken.</exception>
    public static ModelSource Read(EngineOptions options, ILogger logger)
    {
        var files = ModelFiles.Resolve(options.Model, options.Revision);
        var config = files.ReadConfig();
        var tokenizerFiles = options.Tokenizer is { } other ? ModelFiles.Resolve(other, options.Revision) : files;
        var tokenizerConfig = tokenizerFiles.ReadTokenizerConfig();
        return new ModelSource
        {
            Root = files.Path,
            Config = config,
            Tokenizer = ReadTokenizer(tokenizerFiles, config, options, logger),
            TokenizerConfig = tokenizerConfig,
            ChatTemplate = options.ChatTemplate is { } file ? ReadTemplate(file) : ParseTemplate(tokenizerConfig, files.Path, logger),
            GenerationConfig = files.ReadGenerationConfig(options.GenerationConfig),
            OpenWeights = () => files.OpenWeights(config),
        };
    }

    private static ITokenizer ReadTokenizer(ModelFiles files, ModelConfig config, EngineOptions options, ILogger logger)
    {
        var isThere = files.GgufPath is not null
            || new[] { "tokenizer.json", "vocab.json" }.Any(name => File.Exists(Path.Combine(files.Folder, name)));
        if (isThere || options.LoadFormat != LoadFormat.Dummy) return files.LoadTokenizer();

        // Random weights need no more than config.json, and any ids will do for them.
        logger.ByteTokens(files.Folder);
        return new ByteTokenizer(Math.Max(config.VocabSize, ByteVocabulary));
    }

    // A template that cannot be read is no reason to refuse completions.
    private static ChatTemplate? ParseTemplate(TokenizerConfig config, string name, ILogger logger)
    {
        if (config.ChatTemplate.Default is not { } text) return null;
        try
        {
            return ChatTemplate.Parse(text, name);
        }
        catch (ChatTemplateException e)
        {
            logger.ChatTemplateUnusable(e.Message);
            return null;
        }
    }

    private static ChatTemplate ReadTemplate(string file)
    {
        try
        {
            return ChatTemplate.Parse(File.ReadAllText(file), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"--chat-template {file} cannot be read: {e.Message}", ModelLoadFault.NotFound, e);
        }
        catch (ChatTemplateException e)
        {
            throw new ModelLoadException($"--chat-template: {e.Message}", ModelLoadFault.Layout, e);
        }
    }
}
