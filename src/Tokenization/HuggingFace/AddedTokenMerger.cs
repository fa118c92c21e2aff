using Grid.Tokenization.AddedTokens;

namespace Grid.Tokenization.HuggingFace;

/// <summary>One list of added tokens out of the several files that name some.</summary>
internal static class AddedTokenMerger
{
    /// <summary>
    /// The tokenizer's own tokens, then those of the other files that it lacks, then the named special tokens (bos, eos...)
    /// that the vocabulary has.
    /// </summary>
    public static List<AddedToken> Merge(
        IReadOnlyList<AddedToken> own, IReadOnlyList<AddedToken> others, TokenizerConfig config,
        IReadOnlyDictionary<string, int> vocabulary)
    {
        var merged = new List<AddedToken>(own);
        var contents = own.Select(token => token.Content).ToHashSet(StringComparer.Ordinal);
        foreach (var token in others)
            if (contents.Add(token.Content)) merged.Add(config.IsSpecial(token.Content) ? AsSpecial(token) : token);
        foreach (var content in config.AllSpecialTokens)
            if (vocabulary.TryGetValue(content, out var id) && contents.Add(content)) merged.Add(AsSpecial(new AddedToken(id, content)));
        return merged;
    }

    public static int? FindId(string? content, IEnumerable<AddedToken> added, IReadOnlyDictionary<string, int> vocabulary)
    {
        if (content is null) return null;
        return added.FirstOrDefault(token => token.Content == content)?.Id ?? (vocabulary.TryGetValue(content, out var id) ? id : null);
    }

    private static AddedToken AsSpecial(AddedToken token) => token with { Special = true, Normalized = false };
}
