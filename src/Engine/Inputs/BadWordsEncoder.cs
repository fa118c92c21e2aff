using Grid.Tokenization;

namespace Grid.Engine.Inputs;

/// <summary>Token sequences of <c>bad_words</c>, with and without a space in front, as vLLM chooses them.</summary>
internal static class BadWordsEncoder
{
    public static IReadOnlyList<int[]> Encode(ITokenizer tokenizer, IReadOnlyList<string> badWords)
    {
        var sequences = new List<int[]>(badWords.Count * 2);
        foreach (var badWord in badWords)
        {
            var word = badWord.TrimStart();
            var atStart = tokenizer.Encode(word, addSpecialTokens: false);
            if (atStart.Length == 0) continue;
            sequences.Add(atStart);

            var inside = tokenizer.Encode(" " + word, addSpecialTokens: false);
            if (inside.Length == atStart.Length && inside[0] != atStart[0]) sequences.Add(inside);
        }

        return sequences;
    }
}
