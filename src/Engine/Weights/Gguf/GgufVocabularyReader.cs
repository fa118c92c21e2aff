using Grid.Engine.Configuration;
using Grid.Tokenization.Gguf;

namespace Grid.Engine.Weights.Gguf;

/// <summary>The vocabulary in a file's metadata (<c>tokenizer.*</c>).</summary>
internal static class GgufVocabularyReader
{
    /// <exception cref="ModelLoadException">There is none, or its kind is not supported.</exception>
    public static GgufVocabulary Read(GgufMetadata metadata)
    {
        var model = metadata.String("tokenizer.ggml.model")
            ?? throw Broken(metadata, "tokenizer.ggml.model is missing: the file has no vocabulary");
        var kind = GgufVocabularyKinds.Parse(model)
            ?? throw Broken(metadata, $"tokenizer.ggml.model {model} is not supported; supported are gpt2 and llama");
        var tokens = metadata.Array<string>("tokenizer.ggml.tokens") ?? throw Broken(metadata, "tokenizer.ggml.tokens is missing");
        return new GgufVocabulary
        {
            Source = metadata.Source,
            Kind = kind,
            Tokens = tokens,
            Scores = OnePerToken(metadata, "tokenizer.ggml.scores", metadata.Array<float>("tokenizer.ggml.scores"), tokens),
            TokenTypes = OnePerToken(metadata, "tokenizer.ggml.token_type", ReadTokenTypes(metadata), tokens),
            Merges = metadata.Array<string>("tokenizer.ggml.merges"),
            PreTokenizer = metadata.String("tokenizer.ggml.pre"),
            BosTokenId = TokenId(metadata, "tokenizer.ggml.bos_token_id", tokens),
            EosTokenId = TokenId(metadata, "tokenizer.ggml.eos_token_id", tokens),
            UnknownTokenId = TokenId(metadata, "tokenizer.ggml.unknown_token_id", tokens),
            PaddingTokenId = TokenId(metadata, "tokenizer.ggml.padding_token_id", tokens),
            AddBosToken = metadata.Bool("tokenizer.ggml.add_bos_token"),
            AddEosToken = metadata.Bool("tokenizer.ggml.add_eos_token"),
            AddSpacePrefix = metadata.Bool("tokenizer.ggml.add_space_prefix"),
            ChatTemplate = metadata.String("tokenizer.chat_template"),
        };
    }

    private static GgufTokenType[]? ReadTokenTypes(GgufMetadata metadata) =>
        metadata.Array<int>("tokenizer.ggml.token_type") is { } types ? Array.ConvertAll(types, type => (GgufTokenType)type) : null;

    private static T[]? OnePerToken<T>(GgufMetadata metadata, string key, T[]? values, string[] tokens) =>
        values is null || values.Length == tokens.Length
            ? values
            : throw Broken(metadata, $"{key} must have one value a token ({tokens.Length}); got {values.Length}");

    private static int? TokenId(GgufMetadata metadata, string key, string[] tokens) =>
        metadata.TokenId(key) is not { } id || (id >= 0 && id < tokens.Length)
            ? metadata.TokenId(key)
            : throw Broken(metadata, $"{key} must be below {tokens.Length}; got {id}");

    private static ModelLoadException Broken(GgufMetadata metadata, string what) => new($"{metadata.Source}: metadata {what}.");
}
