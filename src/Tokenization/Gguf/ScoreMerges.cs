using Grid.Tokenization.Models;

namespace Grid.Tokenization.Gguf;

/// <summary>
/// SentencePiece merges whichever neighbours give the token with the highest score, the leftmost of equal ones. As a merge
/// table: every way to cut a token into two tokens, ranked by score, equal scores with equal rank.
/// </summary>
internal static class ScoreMerges
{
    public static MergeTable Build(GgufVocabulary vocabulary, Dictionary<string, int> ids)
    {
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var ranks = Ranks(vocabulary.Scores!);
        var merges = new MergeTable();
        for (var id = 0; id < vocabulary.Tokens.Count; id++)
        {
            if (!IsText(vocabulary, id)) continue;
            var token = vocabulary.Tokens[id].AsSpan();
            for (var cut = 1; cut < token.Length; cut++)
                if (lookup.TryGetValue(token[..cut], out var left) && lookup.TryGetValue(token[cut..], out var right)
                    && IsText(vocabulary, left) && IsText(vocabulary, right))
                    merges.Add(left, right, new Merge(ranks[id], id));
        }
        return merges;
    }

    private static bool IsText(GgufVocabulary vocabulary, int id) =>
        vocabulary.TokenTypes is not { } types || types[id] is GgufTokenType.Normal or GgufTokenType.UserDefined or GgufTokenType.Undefined;

    /// <summary>For each token how many higher scores there are.</summary>
    private static int[] Ranks(IReadOnlyList<float> scores)
    {
        var order = scores.Distinct().OrderDescending().Select((score, rank) => (score, rank))
            .ToDictionary(pair => pair.score, pair => pair.rank);
        return [.. scores.Select(score => order[score])];
    }
}
