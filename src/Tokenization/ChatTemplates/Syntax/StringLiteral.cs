using System.Globalization;
using System.Text;

namespace Grid.Tokenization.ChatTemplates.Syntax;

/// <summary>Python's escapes in string literals.</summary>
internal static class StringLiteral
{
    public static string Decode(ReadOnlySpan<char> body, int line)
    {
        if (!body.Contains('\\')) return body.ToString();
        var text = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '\\')
            {
                text.Append(body[i]);
                continue;
            }

            var escape = body[++i];
            switch (escape)
            {
                case '\n': break;
                case '\\' or '\'' or '"': text.Append(escape); break;
                case 'a': text.Append('\a'); break;
                case 'b': text.Append('\b'); break;
                case 'f': text.Append('\f'); break;
                case 'n': text.Append('\n'); break;
                case 'r': text.Append('\r'); break;
                case 't': text.Append('\t'); break;
                case 'v': text.Append('\v'); break;
                case 'x': i += Hex(body[(i + 1)..], 2, text, line); break;
                case 'u': i += Hex(body[(i + 1)..], 4, text, line); break;
                case 'U': i += Hex(body[(i + 1)..], 8, text, line); break;
                case >= '0' and <= '7': i += Octal(body[i..], text) - 1; break;
                default: text.Append('\\').Append(escape); break;
            }
        }

        return text.ToString();
    }

    private static int Hex(ReadOnlySpan<char> digits, int count, StringBuilder text, int line)
    {
        if (digits.Length < count
            || !uint.TryParse(digits[..count], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || code > 0x10FFFF)
            throw new TemplateSyntaxException(line, $"a string has an escape that needs {count} hexadecimal digits of a Unicode character");
        if (code < 0x10000) text.Append((char)code);
        else text.Append(char.ConvertFromUtf32((int)code));
        return count;
    }

    private static int Octal(ReadOnlySpan<char> digits, StringBuilder text)
    {
        var (length, code) = (0, 0);
        for (; length < 3 && length < digits.Length && digits[length] is >= '0' and <= '7'; length++)
            code = code * 8 + digits[length] - '0';
        text.Append((char)code);
        return length;
    }
}
