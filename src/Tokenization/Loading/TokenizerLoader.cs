using Grid.Tokenization.AddedTokens;
using Grid.Tokenization.Gguf;
using Grid.Tokenization.HuggingFace;

namespace Grid.Tokenization.Loading;

/// <summary>Makes tokenizers from a model's files.</summary>
public static class TokenizerLoader
{
    /// <summary>
    /// Reads a Hugging Face folder: tokenizer.json, else vocab.json and merges.txt by GPT-2's rules; with
    /// tokenizer_config.json, special_tokens_map.json and added_tokens.json where they are present.
    /// </summary>
    /// <exception cref="TokenizerException">A file is missing or broken, or needs something that is not supported.</exception>
    public static ITokenizer FromFolder(string folder)
    {
        var config = ReadConfig(folder);
        var moreTokens = ReadAddedTokens(folder);
        var tokenizerJson = Path.Combine(folder, "tokenizer.json");
        if (File.Exists(tokenizerJson)) return TokenizerJsonReader.Read(tokenizerJson, config, moreTokens);
        if (File.Exists(Path.Combine(folder, "vocab.json")) && File.Exists(Path.Combine(folder, "merges.txt")))
            return VocabMergesReader.Read(folder, config, moreTokens);
        throw new TokenizerException(folder, "tokenizer", "the folder has neither tokenizer.json nor vocab.json with merges.txt");
    }

    /// <summary>Makes the tokenizer of a GGUF file from its vocabulary.</summary>
    /// <exception cref="TokenizerException">The vocabulary is inconsistent, or its pre-tokenizer is not known.</exception>
    public static ITokenizer FromGguf(GgufVocabulary vocabulary) => GgufTokenizerReader.Read(vocabulary);

    /// <summary>
    /// Reads special tokens and chat templates of a Hugging Face folder; absent files leave their values at the defaults.
    /// </summary>
    /// <exception cref="TokenizerException">A file is broken.</exception>
    public static TokenizerConfig ReadConfig(string folder) => TokenizerConfigReader.Read(folder);

    /// <summary>Reads special tokens and chat templates of a GGUF file.</summary>
    public static TokenizerConfig ReadConfig(GgufVocabulary vocabulary) => GgufTokenizerReader.ReadConfig(vocabulary);

    private static List<AddedToken> ReadAddedTokens(string folder) =>
    [
        .. JsonFile.ReadIfPresent(Path.Combine(folder, "tokenizer_config.json"), AddedTokenReader.ReadDecoder, []),
        .. JsonFile.ReadIfPresent(Path.Combine(folder, "added_tokens.json"), AddedTokenReader.ReadMap, []),
    ];
}
