using Grid.Tokenization.AddedTokens;
using Grid.Tokenization.Bpe;

namespace Grid.Tokenization.HuggingFace;

/// <summary>Reads tokenizer.json.</summary>
internal static class TokenizerJsonReader
{
    /// <param name="config">What the files beside it say.</param>
    /// <param name="moreTokens">Added tokens of the files beside it; those of tokenizer.json win.</param>
    public static BpeTokenizer Read(string path, TokenizerConfig config, IReadOnlyList<AddedToken> moreTokens) =>
        JsonFile.Read(path, root =>
    {
        var model = BpeModelReader.Read(root.Get("model"));
        var normalizer = root.Find("normalizer") is { } n ? NormalizerReader.Read(n) : null;
        var added = AddedTokenMerger.Merge(AddedTokenReader.ReadList(root), moreTokens, config, model.Vocabulary);
        return new BpeTokenizer(model, new AddedVocabulary(added, normalizer))
        {
            Normalizer = normalizer,
            PreTokenizer = root.Find("pre_tokenizer") is { } p ? PreTokenizerReader.Read(p) : null,
            Template = root.Find("post_processor") is { } t ? PostProcessorReader.Read(t) : TokenTemplate.Empty,
            Decoder = DecoderReader.Read(root.Find("decoder")),
            BosTokenId = AddedTokenMerger.FindId(config.BosToken, added, model.Vocabulary),
            EosTokenId = AddedTokenMerger.FindId(config.EosToken, added, model.Vocabulary),
        };
    });
}
