namespace Grid.Tokenization.Models;

/// <summary>The options of tokenizer.json's BPE model.</summary>
internal sealed record BpeOptions
{
    /// <summary>Id for characters that the vocabulary lacks; null drops them.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Whether neighbouring unknown characters give one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether characters that the vocabulary lacks become byte tokens <c>&lt;0xNN&gt;</c>.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a piece that is a token by itself is taken whole.</summary>
    public bool IgnoreMerges { get; init; }
}
