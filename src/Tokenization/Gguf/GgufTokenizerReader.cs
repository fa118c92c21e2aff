using Grid.Tokenization.AddedTokens;
using Grid.Tokenization.Bpe;
using Grid.Tokenization.Decoding;
using Grid.Tokenization.Models;
using Grid.Tokenization.Normalization;
using Grid.Tokenization.Patterns;

namespace Grid.Tokenization.Gguf;

/// <summary>Makes a tokenizer of a GGUF vocabulary.</summary>
internal static class GgufTokenizerReader
{
    private const string Mark = "\u2581";

    public static TokenizerConfig ReadConfig(GgufVocabulary vocabulary)
    {
        var roles = new (string Name, int? Id)[]
        {
            ("bos_token", Bos(vocabulary)), ("eos_token", Eos(vocabulary)), ("unk_token", vocabulary.UnknownTokenId),
                ("pad_token", vocabulary.PaddingTokenId),
        };
        return new TokenizerConfig
        {
            SpecialTokens = roles.Where(role => role.Id >= 0 && role.Id < vocabulary.Tokens.Count)
                .ToDictionary(role => role.Name, role => vocabulary.Tokens[role.Id!.Value]),
            AddBosToken = vocabulary.AddBosToken,
            AddEosToken = vocabulary.AddEosToken,
            AddPrefixSpace = vocabulary.AddSpacePrefix,
            ChatTemplate = vocabulary.ChatTemplate is { } template ? ChatTemplateSource.Single(template) : ChatTemplateSource.None,
        };
    }

    public static BpeTokenizer Read(GgufVocabulary vocabulary)
    {
        Check(vocabulary);
        var ids = new Dictionary<string, int>(vocabulary.Tokens.Count, StringComparer.Ordinal);
        for (var id = 0; id < vocabulary.Tokens.Count; id++) ids[vocabulary.Tokens[id]] = id;
        return vocabulary.Kind == GgufVocabularyKind.Gpt2 ? ReadByteLevel(vocabulary, ids) : ReadSentencePiece(vocabulary, ids);
    }

    private static BpeTokenizer ReadByteLevel(GgufVocabulary vocabulary, Dictionary<string, int> ids)
    {
        var name = vocabulary.PreTokenizer ?? "default";
        var preTokenizer = GgufPreTokenizer.Find(name)
            ?? throw Fault(vocabulary, "pre", $"'{name}' is not supported; supported: {string.Join(", ", GgufPreTokenizer.Names)}");
        var merges = vocabulary.Merges ?? throw Fault(vocabulary, "merges", "a vocabulary of kind gpt2 needs them");
        var builder = new MergeTableBuilder(ids, merges.Count);
        foreach (var merge in merges)
            if (!builder.TryAdd(merge))
                throw Fault(vocabulary, "merges", $"'{merge}' is not two tokens of the vocabulary whose joined text is one too");
        return new BpeTokenizer(new BpeModel(ids, builder.Build(), new BpeOptions { IgnoreMerges = preTokenizer.IgnoreMerges }),
            Added(vocabulary))
        {
            Normalizer = vocabulary.AddSpacePrefix == true ? new PrependNormalizer(" ") : null,
            PreTokenizer = preTokenizer.Build(),
            Template = Template(vocabulary, preTokenizer.AddBos),
            Decoder = new ByteLevelDecoder(),
            BosTokenId = Bos(vocabulary),
            EosTokenId = Eos(vocabulary),
        };
    }

    private static BpeTokenizer ReadSentencePiece(GgufVocabulary vocabulary, Dictionary<string, int> ids)
    {
        var unknown = vocabulary.UnknownTokenId ?? FirstOfType(vocabulary, GgufTokenType.Unknown);
        var options = new BpeOptions { ByteFallback = true, FuseUnknown = true, UnknownId = unknown };
        var addsPrefix = vocabulary.AddSpacePrefix ?? true;
        var replace = new ReplaceNormalizer(new LiteralPattern(" "), Mark);
        return new BpeTokenizer(new BpeModel(ids, ScoreMerges.Build(vocabulary, ids), options), Added(vocabulary))
        {
            Normalizer = addsPrefix ? new NormalizerSequence([new PrependNormalizer(Mark), replace]) : replace,
            Template = Template(vocabulary, addsBos: true),
            Decoder = new PieceDecoder
            {
                Replacements = [new ReplaceNormalizer(new LiteralPattern(Mark), " ")],
                ByteFallback = true,
                StripStart = addsPrefix ? 1 : 0,
            },
            BosTokenId = Bos(vocabulary),
            EosTokenId = Eos(vocabulary),
        };
    }

    // llama.cpp's defaults for SentencePiece vocabularies.
    private static int? Bos(GgufVocabulary vocabulary) => vocabulary.BosTokenId ?? (vocabulary.Kind == GgufVocabularyKind.Llama ? 1 : null);

    private static int? Eos(GgufVocabulary vocabulary) => vocabulary.EosTokenId ?? (vocabulary.Kind == GgufVocabularyKind.Llama ? 2 : null);

    private static TokenTemplate Template(GgufVocabulary vocabulary, bool addsBos) => new(
        (vocabulary.AddBosToken ?? addsBos) && Bos(vocabulary) is { } bos ? [bos] : [],
        vocabulary.AddEosToken == true && Eos(vocabulary) is { } eos ? [eos] : []);

    private static AddedVocabulary Added(GgufVocabulary vocabulary)
    {
        var added = new List<AddedToken>();
        for (var id = 0; id < vocabulary.TokenTypes?.Count; id++)
        {
            var type = vocabulary.TokenTypes[id];
            if (type is GgufTokenType.Control or GgufTokenType.Unknown or GgufTokenType.UserDefined)
                added.Add(new AddedToken(id, vocabulary.Tokens[id]) { Special = type != GgufTokenType.UserDefined });
        }
        return new AddedVocabulary(added, normalizer: null);
    }

    private static int? FirstOfType(GgufVocabulary vocabulary, GgufTokenType type)
    {
        for (var id = 0; id < vocabulary.TokenTypes?.Count; id++)
            if (vocabulary.TokenTypes[id] == type) return id;
        return null;
    }

    private static void Check(GgufVocabulary vocabulary)
    {
        var count = vocabulary.Tokens.Count;
        CheckCount(vocabulary, "scores", vocabulary.Scores?.Count);
        CheckCount(vocabulary, "token_type", vocabulary.TokenTypes?.Count);
        if (vocabulary.Kind == GgufVocabularyKind.Llama && vocabulary.Scores is null)
            throw Fault(vocabulary, "scores", "a vocabulary of kind llama needs them");
        var ids = new (string Name, int? Id)[]
        {
            ("bos_token_id", Bos(vocabulary)), ("eos_token_id", Eos(vocabulary)), ("unknown_token_id", vocabulary.UnknownTokenId),
                ("padding_token_id", vocabulary.PaddingTokenId),
        };
        foreach (var (name, id) in ids)
            if (id < 0 || id >= count) throw Fault(vocabulary, name, $"an id must be from 0 to {count - 1}, not {id}");
    }

    private static void CheckCount(GgufVocabulary vocabulary, string name, int? count)
    {
        if (count is { } given && given != vocabulary.Tokens.Count)
            throw Fault(vocabulary, name, $"there must be one for each of the {vocabulary.Tokens.Count} tokens, there are {given}");
    }

    private static TokenizerException Fault(GgufVocabulary vocabulary, string key, string message) =>
        new(vocabulary.Source, $"tokenizer.ggml.{key}", message);
}
