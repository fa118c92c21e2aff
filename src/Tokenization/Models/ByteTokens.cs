using System.Globalization;

namespace Grid.Tokenization.Models;

/// <summary>Byte tokens, written <c>&lt;0xNN&gt;</c>.</summary>
internal static class ByteTokens
{
    public static string Name(byte value) => $"<0x{value:X2}>";

    /// <summary>The byte that a token stands for, or null.</summary>
    public static byte? Parse(string token)
    {
        var isByte = token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>';
        return isByte && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
    }
}
