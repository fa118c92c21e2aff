using System.Globalization;
using System.Text;

namespace Grid.Tokenization.Patterns;

/// <summary>Collects the inside of one .NET character class at a time.</summary>
internal sealed class CharacterClassWriter(StandIns standIns)
{
    private readonly StringBuilder _output = new();
    private readonly HashSet<(int First, int Last)> _supplementaryRanges = [];

    public IReadOnlyCollection<(int First, int Last)> SupplementaryRanges => _supplementaryRanges;

    /// <summary>The class collected so far; the next one starts empty.</summary>
    public string Take()
    {
        var text = _output.ToString();
        _output.Clear();
        return text;
    }

    public void AddVerbatim(string text) => _output.Append(text);

    public void AddCategories(IEnumerable<UnicodeCategory> categories)
    {
        foreach (var category in categories)
        {
            // Surrogate units are stand-ins here, listed by the category that they stand for.
            if (category == UnicodeCategory.Surrogate) continue;
            _output.Append(CultureInfo.InvariantCulture, $"\\p{{{CategoryNames.Name(category)}}}");
            standIns.AppendCategory(_output, category);
        }
    }

    public void AddRange(int first, int last, bool ignoreCase)
    {
        AddUnits(first, Math.Min(last, 0xD7FF));
        AddUnits(Math.Max(first, 0xE000), Math.Min(last, 0xFFFF));
        // Oniguruma folds the long s; .NET does not.
        if (ignoreCase && ((first <= 's' && 's' <= last) || (first <= 'S' && 'S' <= last))) _output.Append(@"\u017F");
        if (last <= 0xFFFF) return;
        var range = (Math.Max(first, 0x10000), last);
        _supplementaryRanges.Add(range);
        standIns.AppendRange(_output, range.Item1, range.last);
    }

    private void AddUnits(int first, int last)
    {
        if (last < first) return;
        _output.Append(CultureInfo.InvariantCulture, $"\\u{first:X4}");
        if (last > first) _output.Append(CultureInfo.InvariantCulture, $"-\\u{last:X4}");
    }
}
