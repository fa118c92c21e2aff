using System.Globalization;
using System.Text;

namespace Grid.Tokenization.Patterns;

/// <summary>Reads a regular expression from left to right.</summary>
internal sealed class PatternCursor(string pattern)
{
    private const string EscapedLetters = "ntrfvae0";
    private const string EscapedValues = "\n\t\r\f\v\a\u001b\0";

    private int _position;

    public bool AtEnd => _position >= pattern.Length;

    public char Current => pattern[_position];

    public static NotSupportedException Unsupported(string construct) =>
        new($"the regular expression construct '{construct}' is not supported");

    public char Take() => pattern[_position++];

    public bool StartsWith(string text) => pattern.AsSpan(_position).StartsWith(text, StringComparison.Ordinal);

    public bool TryTake(string text)
    {
        if (!StartsWith(text)) return false;
        _position += text.Length;
        return true;
    }

    public string Peek(int length) => pattern[_position..Math.Min(pattern.Length, _position + length)];

    public void TakeBackslash()
    {
        _position++;
        if (AtEnd) throw new ArgumentException("the pattern ends with a backslash");
    }

    public int ReadRune()
    {
        var rune = char.IsSurrogatePair(pattern, _position) ? char.ConvertToUtf32(pattern, _position) : pattern[_position];
        _position += rune > 0xFFFF ? 2 : 1;
        return rune;
    }

    /// <summary>Reads an escaped character, the backslash already read.</summary>
    public int ReadEscapedRune()
    {
        var letter = Current;
        if (letter is 'x' or 'u') return ReadHexadecimal(letter == 'u' ? 4 : 2);
        if (EscapedLetters.Contains(letter)) return EscapedValues[EscapedLetters.IndexOf(Take(), StringComparison.Ordinal)];
        if (char.IsAsciiLetterOrDigit(letter)) throw Unsupported($"\\{letter}");
        return ReadRune();
    }

    /// <summary>Reads <c>{...}</c> and returns what is inside.</summary>
    public string ReadBraced()
    {
        var end = AtEnd || Current != '{' ? -1 : pattern.IndexOf('}', _position);
        if (end < 0) throw new ArgumentException($"'{{...}}' is needed after '{pattern[..Math.Min(_position, pattern.Length)]}'");
        var inside = pattern[(_position + 1)..end];
        _position = end + 1;
        return inside;
    }

    /// <summary>Reads a quantifier <c>{n,m}</c> into .NET's form; null, and nothing read, where the brace is a literal.</summary>
    public string? TryReadInterval()
    {
        var end = pattern.IndexOf('}', _position);
        if (end < 0) return null;
        var bounds = pattern[(_position + 1)..end].Split(',');
        if (bounds.Length > 2 || bounds.All(bound => bound.Length == 0) || !bounds.All(bound => bound.All(char.IsAsciiDigit))) return null;
        _position = end + 1;
        if (bounds.Length == 1) return $"{{{bounds[0]}}}";
        return $"{{{(bounds[0].Length == 0 ? "0" : bounds[0])},{bounds[1]}}}";
    }

    private int ReadHexadecimal(int digits)
    {
        _position++;
        string text;
        if (!AtEnd && Current == '{') text = ReadBraced();
        else
        {
            text = Peek(digits);
            _position += text.Length;
        }
        if (int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value))
            return value;
        throw new ArgumentException($"'{text}' is not a code point");
    }
}
