namespace Grid.Tokenization;

/// <summary>What a model says about its tokenizer beside the vocabulary: special tokens by role, and chat templates.</summary>
public sealed record TokenizerConfig
{
    /// <summary>
    /// Token texts by the names that chat templates know: <c>bos_token</c>, <c>eos_token</c>, <c>unk_token</c>, <c>pad_token</c>...
    /// </summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; init; } = new Dictionary<string, string>();

    /// <summary><c>additional_special_tokens</c>.</summary>
    public IReadOnlyList<string> AdditionalSpecialTokens { get; init; } = [];

    /// <summary>The chat templates.</summary>
    public ChatTemplateSource ChatTemplate { get; init; } = ChatTemplateSource.None;

    /// <summary>Whether a text begins with BOS; null where the files do not say. tokenizer.json's own template wins over it.</summary>
    public bool? AddBosToken { get; init; }

    /// <summary>Whether a text ends with EOS; null where the files do not say. tokenizer.json's own template wins over it.</summary>
    public bool? AddEosToken { get; init; }

    /// <summary>Whether a text gets a space in front; null where the files do not say.</summary>
    public bool? AddPrefixSpace { get; init; }

    /// <summary>Text of the beginning-of-sequence token, or null.</summary>
    public string? BosToken => SpecialTokens.GetValueOrDefault("bos_token");

    /// <summary>Text of the end-of-sequence token, or null.</summary>
    public string? EosToken => SpecialTokens.GetValueOrDefault("eos_token");

    /// <summary>Text of the unknown token, or null.</summary>
    public string? UnkToken => SpecialTokens.GetValueOrDefault("unk_token");

    /// <summary>Text of the padding token, or null.</summary>
    public string? PadToken => SpecialTokens.GetValueOrDefault("pad_token");

    internal IReadOnlyCollection<string> AllSpecialTokens => [.. SpecialTokens.Values.Concat(AdditionalSpecialTokens).Distinct()];

    internal bool IsSpecial(string content) => AllSpecialTokens.Contains(content);
}
