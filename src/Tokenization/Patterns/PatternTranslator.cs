using System.Globalization;
using System.Text;

namespace Grid.Tokenization.Patterns;

/// <summary>
/// Rewrites a pattern from Oniguruma's syntax into .NET's, over text in which <see cref="StandIns"/> replace what is outside the BMP.
/// </summary>
internal sealed class PatternTranslator(string pattern, StandIns standIns)
{
    private readonly PatternCursor _cursor = new(pattern);
    private readonly CharacterClassWriter _class = new(standIns);
    private readonly StringBuilder _output = new(pattern.Length * 2);
    private readonly Stack<(int Start, bool IgnoreCase)> _groups = [];
    private bool _ignoreCase;

    // Where the last atom begins in the output: a possessive quantifier wraps it.
    private int _atom;

    /// <summary>Ranges outside the BMP that the pattern names, known after <see cref="Translate"/>.</summary>
    public IReadOnlyCollection<(int First, int Last)> SupplementaryRanges => _class.SupplementaryRanges;

    public string Translate()
    {
        while (!_cursor.AtEnd)
        {
            switch (_cursor.Current)
            {
                case '(': OpenGroup(); break;
                case ')': CloseGroup(); break;
                case '[': _atom = _output.Length; ReadClass(); break;
                case '\\': _atom = _output.Length; ReadEscape(); break;
                case '*' or '+' or '?': ReadQuantifier(_cursor.Take().ToString()); break;
                case '{' when _cursor.TryReadInterval() is { } interval: ReadQuantifier(interval); break;
                case '|': _output.Append(_cursor.Take()); break;
                case '^': Atom("(?m:^)"); break;
                case '$': Atom("(?m:$)"); break;
                case '.': Atom(@"[^\n]"); break;
                default: _atom = _output.Length; WriteLiteral(_cursor.ReadRune()); break;
            }
        }
        if (_groups.Count > 0) throw new ArgumentException("a group is not closed");
        return _output.ToString();
    }

    private void Atom(string text)
    {
        _atom = _output.Length;
        _output.Append(text);
        _cursor.Take();
    }

    private void OpenGroup()
    {
        var start = _output.Length;
        foreach (var prefix in (ReadOnlySpan<string>)["(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:", "(?-i:"])
        {
            if (!_cursor.TryTake(prefix)) continue;
            _groups.Push((start, _ignoreCase));
            if (prefix.Contains('i')) _ignoreCase = prefix == "(?i:";
            _output.Append(prefix);
            return;
        }
        if (_cursor.TryTake("(?i)"))
        {
            // Up to the end of the group around it, as in .NET.
            _ignoreCase = true;
            _output.Append("(?i)");
            return;
        }
        if (_cursor.StartsWith("(?")) throw PatternCursor.Unsupported(_cursor.Peek(4));
        _groups.Push((start, _ignoreCase));
        _output.Append("(?:");
        _cursor.Take();
    }

    private void CloseGroup()
    {
        if (!_groups.TryPop(out var group)) throw new ArgumentException("a ')' has no '('");
        (_atom, _ignoreCase) = group;
        _output.Append(_cursor.Take());
    }

    private void ReadQuantifier(string quantifier)
    {
        _output.Append(quantifier);
        if (_cursor.TryTake("?"))
        {
            _output.Append('?');
        }
        else if (_cursor.TryTake("+"))
        {
            // After an interval the plus repeats; after the other quantifiers it makes them possessive.
            _output.Insert(_atom, quantifier[0] == '{' ? "(?:" : "(?>").Append(')');
            if (quantifier[0] == '{') _output.Append('+');
        }
    }

    private void ReadEscape()
    {
        _cursor.TakeBackslash();
        if (_cursor.Current is 'b' or 'B' or 'A' or 'z' or 'Z') _output.Append('\\').Append(_cursor.Take());
        else if (TryReadSet()) _output.Append('[').Append(_class.Take()).Append(']');
        else WriteLiteral(_cursor.ReadEscapedRune());
    }

    private void ReadClass()
    {
        _cursor.Take();
        var negated = _cursor.TryTake("^");
        for (var first = true; first || !_cursor.StartsWith("]"); first = false)
        {
            if (_cursor.AtEnd) throw new ArgumentException("a character class is not closed");
            if (_cursor.Current == '[') throw PatternCursor.Unsupported("a character class in another");
            if (_cursor.StartsWith("&&")) throw PatternCursor.Unsupported("&&");
            ReadClassItem();
        }
        _cursor.Take();
        _output.Append(negated ? "[^" : "[").Append(_class.Take()).Append(']');
    }

    private void ReadClassItem()
    {
        var escaped = _cursor.Current == '\\';
        if (escaped) _cursor.TakeBackslash();
        if (escaped && TryReadSet()) return;
        var first = escaped ? _cursor.ReadEscapedRune() : _cursor.ReadRune();
        var last = first;
        if (_cursor.StartsWith("-") && !_cursor.StartsWith("-]") && _cursor.TryTake("-")) last = ReadClassRune();
        if (last < first) throw new ArgumentException($"the range U+{first:X4} to U+{last:X4} is reversed");
        _class.AddRange(first, last, _ignoreCase);
    }

    private int ReadClassRune()
    {
        if (_cursor.AtEnd) throw new ArgumentException("a character class is not closed");
        if (_cursor.Current != '\\') return _cursor.ReadRune();
        _cursor.TakeBackslash();
        return _cursor.ReadEscapedRune();
    }

    /// <summary>Reads an escape that stands for a set (<c>\s</c>, <c>\p{L}</c>), the backslash already read.</summary>
    private bool TryReadSet()
    {
        var letter = _cursor.Current;
        switch (letter)
        {
            case 's' or 'S': _class.AddVerbatim($"\\{letter}"); break;
            case 'd': _class.AddCategories([UnicodeCategory.DecimalDigitNumber]); break;
            case 'D': _class.AddCategories(CategoryNames.Complement([UnicodeCategory.DecimalDigitNumber])); break;
            case 'w': _class.AddCategories(CategoryNames.Word); break;
            case 'W': _class.AddCategories(CategoryNames.Complement(CategoryNames.Word)); break;
            case 'h': _class.AddVerbatim("0-9a-fA-F"); break;
            case 'p' or 'P': _class.AddCategories(ReadProperty()); return true;
            default: return false;
        }
        _cursor.Take();
        return true;
    }

    private IEnumerable<UnicodeCategory> ReadProperty()
    {
        var negated = _cursor.Take() == 'P';
        var name = _cursor.ReadBraced();
        if (name.StartsWith('^')) (negated, name) = (!negated, name[1..]);
        var categories = CategoryNames.Find(name) ?? throw PatternCursor.Unsupported($"\\p{{{name}}}");
        return negated ? CategoryNames.Complement(categories) : categories;
    }

    private void WriteLiteral(int rune)
    {
        _class.AddRange(rune, rune, _ignoreCase);
        _output.Append('[').Append(_class.Take()).Append(']');
    }
}
