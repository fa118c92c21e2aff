namespace Grid.Tokenization.AddedTokens;

/// <summary>A token that is found in the text before anything else happens, by the fields of tokenizer.json.</summary>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Matches only where no letter, digit or underscore touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Takes the white space before it along.</summary>
    public bool LeftStrip { get; init; }

    /// <summary>Takes the white space after it along.</summary>
    public bool RightStrip { get; init; }

    /// <summary>Is looked for in the normalized text.</summary>
    public bool Normalized { get; init; }

    /// <summary>Is left out by <c>skip_special_tokens</c>.</summary>
    public bool Special { get; init; }
}
