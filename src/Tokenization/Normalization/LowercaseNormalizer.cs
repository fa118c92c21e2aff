using System.Text;

namespace Grid.Tokenization.Normalization;

internal sealed class LowercaseNormalizer : INormalizer
{
    public string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // The one letter whose lower case is two characters in every locale.
            if (rune.Value == 0x130) result.Append("i\u0307");
            else result.AppendRune(Rune.ToLowerInvariant(rune));
        }
        return result.ToString();
    }
}
