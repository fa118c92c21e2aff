using System.Globalization;
using System.Text;

namespace Grid.Tokenization.Normalization;

/// <summary>Drops every mark (general category M); usually after NFD.</summary>
internal sealed class StripAccentsNormalizer : INormalizer
{
    public string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark)
                continue;
            result.AppendRune(rune);
        }
        return result.ToString();
    }
}
