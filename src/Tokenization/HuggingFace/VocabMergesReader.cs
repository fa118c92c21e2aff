using Grid.Tokenization.AddedTokens;
using Grid.Tokenization.Bpe;
using Grid.Tokenization.Decoding;
using Grid.Tokenization.Models;
using Grid.Tokenization.PreTokenization;

namespace Grid.Tokenization.HuggingFace;

/// <summary>
/// Reads vocab.json and merges.txt by GPT-2's rules: byte-level BPE, no text before or after but what the configuration asks for.
/// </summary>
internal static class VocabMergesReader
{
    private const string EndOfText = "<|endoftext|>";

    private static readonly string[] Names = ["bos_token", "eos_token", "unk_token"];

    public static BpeTokenizer Read(string folder, TokenizerConfig config, IReadOnlyList<AddedToken> moreTokens)
    {
        var vocabulary = JsonFile.Read(Path.Combine(folder, "vocab.json"), BpeModelReader.ReadVocabulary);
        var model = new BpeModel(vocabulary, ReadMerges(Path.Combine(folder, "merges.txt"), vocabulary), new BpeOptions());
        if (config.AllSpecialTokens.Count == 0 && vocabulary.ContainsKey(EndOfText))
            config = config with { SpecialTokens = Names.ToDictionary(name => name, _ => EndOfText) };
        var added = AddedTokenMerger.Merge([], moreTokens, config, vocabulary);
        var bos = AddedTokenMerger.FindId(config.BosToken, added, vocabulary);
        var eos = AddedTokenMerger.FindId(config.EosToken, added, vocabulary);
        return new BpeTokenizer(model, new AddedVocabulary(added, normalizer: null))
        {
            PreTokenizer = new ByteLevelPreTokenizer(config.AddPrefixSpace ?? false, useRegex: true),
            Template = new TokenTemplate(
                config.AddBosToken == true && bos is { } before ? [before] : [],
                config.AddEosToken == true && eos is { } after ? [after] : []),
            Decoder = new ByteLevelDecoder(),
            BosTokenId = bos,
            EosTokenId = eos,
        };
    }

    private static MergeTable ReadMerges(string path, Dictionary<string, int> vocabulary)
    {
        var builder = new MergeTableBuilder(vocabulary, vocabulary.Count);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("#version", StringComparison.Ordinal))) continue;
            if (!builder.TryAdd(line))
                throw new TokenizerException(path, $"line {number}",
                    $"the merge '{line}' is not two tokens of the vocabulary whose joined text is one too");
        }
        return builder.Build();
    }
}
