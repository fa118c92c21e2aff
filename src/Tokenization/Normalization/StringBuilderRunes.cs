using System.Text;

namespace Grid.Tokenization.Normalization;

internal static class StringBuilderRunes
{
    public static StringBuilder AppendRune(this StringBuilder builder, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        return builder.Append(units[..rune.EncodeToUtf16(units)]);
    }
}
