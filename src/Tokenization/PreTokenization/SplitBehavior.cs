namespace Grid.Tokenization.PreTokenization;

/// <summary>What happens to the matches of a split, by the names that tokenizer.json uses.</summary>
internal enum SplitBehavior
{
    /// <summary>Matches are dropped.</summary>
    Removed,

    /// <summary>Each match is a piece.</summary>
    Isolated,

    /// <summary>A match is the end of the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>A match is the start of the piece after it.</summary>
    MergedWithNext,

    /// <summary>Neighbouring matches are one piece.</summary>
    Contiguous,
}
