using System.Globalization;
using System.Text;

namespace Grid.Tokenization.Patterns;

/// <summary>Rewrites a pattern from Oniguruma's syntax into .NET's, over text in which <see cref="StandIns"/> replace what is outside the BMP.</summary>
internal sealed class PatternTranslator(string pattern, StandIns standIns)
{
    private readonly CharacterClassWriter _class = new(standIns);
    private readonly StringBuilder _output = new(pattern.Length * 2);
    private readonly Stack<(int Start, bool IgnoreCase)> _groups = [];
    private int _position;
    private bool _ignoreCase;

    // Where the last atom begins in the output: a possessive quantifier wraps it.
    private int _atom;

    /// <summary>Ranges outside the BMP that the pattern names, known after <see cref="Translate"/>.</summary>
    public IReadOnlyCollection<(int First, int Last)> SupplementaryRanges => _class.SupplementaryRanges;

    private bool AtEnd => _position >= pattern.Length;

    public string Translate()
    {
        while (!AtEnd)
        {
            switch (pattern[_position])
            {
                case '(': OpenGroup(); break;
                case ')': CloseGroup(); break;
                case '[': _atom = _output.Length; ReadClass(); break;
                case '\\': _atom = _output.Length; ReadEscape(); break;
                case '*' or '+' or '?': ReadQuantifier(pattern[_position++].ToString()); break;
                case '{' when Interval() is { } interval: ReadQuantifier(interval); break;
                case '|': _output.Append('|'); _position++; break;
                case '^': Anchor("(?m:^)"); break;
                case '$': Anchor("(?m:$)"); break;
                case '.': _atom = _output.Length; _output.Append(@"[^\n]"); _position++; break;
                default: _atom = _output.Length; WriteLiteral(ReadRune()); break;
            }
        }
        if (_groups.Count > 0) throw new ArgumentException("a group is not closed");
        return _output.ToString();
    }

    private static NotSupportedException Unsupported(string construct) => new($"the regular expression construct '{construct}' is not supported");

    private void Anchor(string text)
    {
        _atom = _output.Length;
        _output.Append(text);
        _position++;
    }

    private void OpenGroup()
    {
        var start = _output.Length;
        var rest = pattern.AsSpan(_position);
        foreach (var prefix in (ReadOnlySpan<string>)["(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:", "(?-i:"])
        {
            if (!rest.StartsWith(prefix, StringComparison.Ordinal)) continue;
            _groups.Push((start, _ignoreCase));
            if (prefix.Contains('i')) _ignoreCase = prefix == "(?i:";
            _output.Append(prefix);
            _position += prefix.Length;
            return;
        }
        if (rest.StartsWith("(?i)", StringComparison.Ordinal))
        {
            // Up to the end of the group around it, as in .NET.
            _ignoreCase = true;
            _output.Append("(?i)");
            _position += 4;
            return;
        }
        if (rest.StartsWith("(?", StringComparison.Ordinal)) throw Unsupported(rest[..Math.Min(4, rest.Length)].ToString());
        _groups.Push((start, _ignoreCase));
        _output.Append("(?:");
        _position++;
    }

    private void CloseGroup()
    {
        if (!_groups.TryPop(out var group)) throw new ArgumentException("a ')' has no '('");
        (_atom, _ignoreCase) = group;
        _output.Append(')');
        _position++;
    }

    private string? Interval()
    {
        var end = pattern.IndexOf('}', _position);
        if (end < 0) return null;
        var bounds = pattern[(_position + 1)..end].Split(',');
        if (bounds.Length > 2 || bounds.All(bound => bound.Length == 0) || !bounds.All(bound => bound.All(char.IsAsciiDigit))) return null;
        _position = end + 1;
        if (bounds.Length == 1) return $"{{{bounds[0]}}}";
        return $"{{{(bounds[0].Length == 0 ? "0" : bounds[0])},{bounds[1]}}}";
    }

    private void ReadQuantifier(string quantifier)
    {
        _output.Append(quantifier);
        if (AtEnd) return;
        if (pattern[_position] == '?')
        {
            _output.Append('?');
            _position++;
        }
        else if (pattern[_position] == '+')
        {
            // After an interval the plus repeats; after the other quantifiers it makes them possessive.
            _output.Insert(_atom, quantifier[0] == '{' ? "(?:" : "(?>").Append(')');
            if (quantifier[0] == '{') _output.Append('+');
            _position++;
        }
    }

    private void ReadEscape()
    {
        _position++;
        if (AtEnd) throw new ArgumentException("the pattern ends with a backslash");
        var letter = pattern[_position];
        if (letter is 'b' or 'B' or 'A' or 'z' or 'Z')
        {
            _output.Append('\\').Append(letter);
            _position++;
            return;
        }
        if (TryReadSet()) _output.Append('[').Append(_class.Take()).Append(']');
        else WriteLiteral(ReadEscapedRune());
    }

    private void ReadClass()
    {
        _position++;
        var negated = !AtEnd && pattern[_position] == '^';
        if (negated) _position++;
        for (var first = true; ; first = false)
        {
            if (AtEnd) throw new ArgumentException("a character class is not closed");
            if (pattern[_position] == ']' && !first) break;
            if (pattern[_position] == '[') throw Unsupported("a character class in another");
            if (pattern.AsSpan(_position).StartsWith("&&")) throw Unsupported("&&");
            ReadClassItem();
        }
        _position++;
        _output.Append(negated ? "[^" : "[").Append(_class.Take()).Append(']');
    }

    private void ReadClassItem()
    {
        if (pattern[_position] == '\\')
        {
            _position++;
            if (AtEnd) throw new ArgumentException("the pattern ends with a backslash");
            if (TryReadSet()) return;
            _position--;
        }
        var first = ReadClassRune();
        var last = first;
        if (_position + 1 < pattern.Length && pattern[_position] == '-' && pattern[_position + 1] != ']')
        {
            _position++;
            last = ReadClassRune();
        }
        if (last < first) throw new ArgumentException($"the range U+{first:X4} to U+{last:X4} is reversed");
        _class.AddRange(first, last, _ignoreCase);
    }

    private int ReadClassRune()
    {
        if (pattern[_position] != '\\') return ReadRune();
        _position++;
        if (AtEnd) throw new ArgumentException("the pattern ends with a backslash");
        return ReadEscapedRune();
    }

    /// <summary>Reads an escape that stands for a set (<c>\s</c>, <c>\p{L}</c>), the backslash already read.</summary>
    private bool TryReadSet()
    {
        var letter = pattern[_position];
        switch (letter)
        {
            case 's' or 'S': _class.AddVerbatim($"\\{letter}"); break;
            case 'd': _class.AddCategories([UnicodeCategory.DecimalDigitNumber]); break;
            case 'D': _class.AddCategories(CategoryNames.Complement([UnicodeCategory.DecimalDigitNumber])); break;
            case 'w': _class.AddCategories(CategoryNames.Word); break;
            case 'W': _class.AddCategories(CategoryNames.Complement(CategoryNames.Word)); break;
            case 'h': _class.AddVerbatim("0-9a-fA-F"); break;
            case 'p' or 'P': ReadProperty(letter == 'P'); return true;
            default: return false;
        }
        _position++;
        return true;
    }

    private void ReadProperty(bool negated)
    {
        var end = pattern.IndexOf('}', _position);
        if (end < 0 || pattern[_position + 1] != '{') throw Unsupported($"\\{pattern[_position]} without braces");
        var name = pattern[(_position + 2)..end];
        if (name.StartsWith('^')) (negated, name) = (!negated, name[1..]);
        var categories = CategoryNames.Find(name) ?? throw Unsupported($"\\p{{{name}}}");
        _class.AddCategories(negated ? CategoryNames.Complement(categories) : categories);
        _position = end + 1;
    }

    private int ReadRune()
    {
        var rune = char.IsSurrogatePair(pattern, _position) ? char.ConvertToUtf32(pattern, _position) : pattern[_position];
        _position += rune > 0xFFFF ? 2 : 1;
        return rune;
    }

    private int ReadEscapedRune()
    {
        var letter = pattern[_position];
        if (letter is 'x' or 'u') return ReadHexadecimal(letter == 'u' ? 4 : 2);
        if (letter is 'n' or 't' or 'r' or 'f' or 'v' or 'a' or 'e' or '0')
        {
            _position++;
            return "\n\t\r\f\v\a\u001b\0"["ntrfvae0".IndexOf(letter, StringComparison.Ordinal)];
        }
        if (char.IsAsciiLetterOrDigit(letter)) throw Unsupported($"\\{letter}");
        return ReadRune();
    }

    private int ReadHexadecimal(int digits)
    {
        _position++;
        var start = _position;
        var end = Math.Min(start + digits, pattern.Length);
        if (start < pattern.Length && pattern[start] == '{')
        {
            start++;
            end = pattern.IndexOf('}', start);
            if (end < 0) throw new ArgumentException("a brace after \\x is not closed");
            _position = end + 1;
        }
        else _position = end;
        if (int.TryParse(pattern.AsSpan(start, end - start), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value)) return value;
        throw new ArgumentException($"'{pattern[start..end]}' is not a code point");
    }

    private void WriteLiteral(int rune)
    {
        _class.AddRange(rune, rune, _ignoreCase);
        _output.Append('[').Append(_class.Take()).Append(']');
    }
}
