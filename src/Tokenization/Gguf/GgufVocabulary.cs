namespace Grid.Tokenization.Gguf;

/// <summary>The <c>tokenizer.ggml.*</c> metadata of a GGUF file, as the file has it: what is absent there is null here.</summary>
public sealed record GgufVocabulary
{
    /// <summary><c>tokenizer.ggml.model</c>.</summary>
    public required GgufVocabularyKind Kind { get; init; }

    /// <summary><c>tokenizer.ggml.tokens</c>: the token of each id.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary><c>tokenizer.ggml.scores</c>, one a token; required for <see cref="GgufVocabularyKind.Llama"/>.</summary>
    public IReadOnlyList<float>? Scores { get; init; }

    /// <summary><c>tokenizer.ggml.token_type</c>, one a token; null: all normal.</summary>
    public IReadOnlyList<GgufTokenType>? TokenTypes { get; init; }

    /// <summary>
    /// <c>tokenizer.ggml.merges</c>, each two tokens with a space between; required for <see cref="GgufVocabularyKind.Gpt2"/>.
    /// </summary>
    public IReadOnlyList<string>? Merges { get; init; }

    /// <summary><c>tokenizer.ggml.pre</c>; null is <c>default</c>. Only <see cref="GgufVocabularyKind.Gpt2"/> uses it.</summary>
    public string? PreTokenizer { get; init; }

    /// <summary><c>tokenizer.ggml.bos_token_id</c>.</summary>
    public int? BosTokenId { get; init; }

    /// <summary><c>tokenizer.ggml.eos_token_id</c>.</summary>
    public int? EosTokenId { get; init; }

    /// <summary><c>tokenizer.ggml.unknown_token_id</c>.</summary>
    public int? UnknownTokenId { get; init; }

    /// <summary><c>tokenizer.ggml.padding_token_id</c>.</summary>
    public int? PaddingTokenId { get; init; }

    /// <summary><c>tokenizer.ggml.add_bos_token</c>; null: the kind's own default.</summary>
    public bool? AddBosToken { get; init; }

    /// <summary><c>tokenizer.ggml.add_eos_token</c>; null: false.</summary>
    public bool? AddEosToken { get; init; }

    /// <summary><c>tokenizer.ggml.add_space_prefix</c>; null: true for <see cref="GgufVocabularyKind.Llama"/>, false otherwise.</summary>
    public bool? AddSpacePrefix { get; init; }

    /// <summary><c>tokenizer.chat_template</c>.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>The file, for messages.</summary>
    public string Source { get; init; } = "GGUF";
}
