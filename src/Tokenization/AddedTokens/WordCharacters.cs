using System.Text;
using Grid.Tokenization.Patterns;

namespace Grid.Tokenization.AddedTokens;

/// <summary>Whether a word character touches an edge of a text.</summary>
internal static class WordCharacters
{
    public static bool StartsWith(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out var rune, out _);
        return !text.IsEmpty && IsWord(rune);
    }

    public static bool EndsWith(ReadOnlySpan<char> text)
    {
        Rune.DecodeLastFromUtf16(text, out var rune, out _);
        return !text.IsEmpty && IsWord(rune);
    }

    // The two joiners are word characters to the regular expressions that published tokenizers were made with.
    private static bool IsWord(Rune rune) => rune.Value is 0x200C or 0x200D || CategoryNames.Word.Contains(Rune.GetUnicodeCategory(rune));
}
